import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import type { FhirApiForTests, TestAnswer } from "../../testing/index.ts";
import { aPatient, fhirApiForTests, testBase } from "../../testing/index.ts";

interface HistoryBundle {
  readonly type: string;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly {
    readonly fullUrl: string;
    readonly resource?: { readonly id: string };
    readonly request: { readonly method: string; readonly url: string };
    readonly response: { readonly status: string; readonly etag: string };
  }[];
}

const bundleOf = ({ json }: TestAnswer) => json as unknown as HistoryBundle;

describeOnEachDatabase("history", (open) => {
  it("of a record has all versions, newest first, its deletion included", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a"));
    await ask("PUT", "Patient/a", aPatient("a", { active: true }));
    await ask("DELETE", "Patient/a");
    await ask("PUT", "Patient/a", aPatient("a"));

    const bundle = bundleOf(await ask("GET", "Patient/a/_history"));

    expect(bundle.type).toBe("history");
    expect(
      bundle.entry?.map(({ request, response }) => [request.method, request.url, response.status, response.etag]),
    ).toEqual([
      ["PUT", "Patient/a", "201 Created", 'W/"4"'],
      ["DELETE", "Patient/a", "204 No Content", 'W/"3"'],
      ["PUT", "Patient/a", "200 OK", 'W/"2"'],
      ["POST", "Patient", "201 Created", 'W/"1"'],
    ]);
    expect(bundle.entry?.map(({ resource }) => resource?.id)).toEqual(["a", undefined, "a", "a"]);
    expect(bundle.entry?.[0]?.fullUrl).toBe(`${testBase}/Patient/a`);
    expect(await ask("GET", "Patient/nobody/_history")).toMatchObject({ status: 404 });
  });

  it("of a type and of the node is paged by links that show each version once", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    for (let n = 1; n <= 5; n++) {
      await ask("PUT", `Patient/p${n}`, aPatient(`p${n}`));
      await ask("PUT", `Organization/o${n}`, { resourceType: "Organization", id: `o${n}`, name: `${n}` });
    }

    const patients = await walk(ask, "Patient/_history?_count=2");
    const all = await walk(ask, "_history?_count=3");

    expect(patients).toEqual([["p5", "p4"], ["p3", "p2"], ["p1"]]);
    expect(all.flat()).toEqual(["o5", "p5", "o4", "p4", "o3", "p3", "o2", "p2", "o1", "p1"]);
  });

  it("begins at _since", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a"));
    const later = new Date(Date.now() + 3_600_000).toISOString();

    const fromToday = bundleOf(await ask("GET", `_history?_since=${new Date().toISOString().slice(0, 10)}`));
    const fromLater = bundleOf(await ask("GET", `Patient/_history?_since=${later}`));
    const withZone = bundleOf(await ask("GET", "Patient/a/_history?_since=2020-01-01T00:00:00+02:00"));

    expect([fromToday.entry?.length, fromLater.entry, withZone.entry?.length]).toEqual([1, undefined, 1]);
  });

  it("refuses parameters that are wrong or not supported", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);

    const queries = ["_since=yesterday", "_count=0", "_count=x", "_page=bm9uc2Vuc2U", "_at=2020", "name=ann"];
    const answers = await Promise.all(queries.map((query) => ask("GET", `Patient/_history?${query}`)));

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400]);
  });
});

async function walk(ask: FhirApiForTests["ask"], first: string): Promise<string[][]> {
  const pages: string[][] = [];
  let next: string | undefined = first;
  while (next !== undefined) {
    const bundle: HistoryBundle = bundleOf(await ask("GET", next));
    pages.push((bundle.entry ?? []).map(({ resource }) => resource?.id ?? ""));
    next = bundle.link.find(({ relation }) => relation === "next")?.url.slice(testBase.length + 1);
  }
  return pages;
}
