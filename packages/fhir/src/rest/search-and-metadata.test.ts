import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aPatient, fhirApiForTests, testBase } from "../../testing/index.ts";
import { routes } from "./routes.ts";

interface SearchBundle {
  readonly type: string;
  readonly total?: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly {
    readonly fullUrl?: string;
    readonly resource: { readonly resourceType: string; readonly id: string };
    readonly search: { readonly mode: string };
  }[];
}

describeOnEachDatabase("searching through the API", (open) => {
  it("answers a searchset whose links lead through all pages, and texts as they are stored", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    for (const id of ["a", "b", "c"]) await ask("PUT", `Patient/${id}`, aPatient(id, { gender: "female" }));

    const first = (await ask("GET", "Patient?gender=female&_count=2")).json as unknown as SearchBundle;
    const next = first.link.find(({ relation }) => relation === "next")?.url ?? "";
    const second = (await ask("GET", next.slice(testBase.length + 1))).json as unknown as SearchBundle;

    expect(first).toMatchObject({ type: "searchset", link: [{ relation: "self" }, { relation: "next" }] });
    expect(first.link[0]?.url).toBe(`${testBase}/Patient?gender=female&_count=2`);
    expect([...(first.entry ?? []), ...(second.entry ?? [])].map(({ fullUrl }) => fullUrl)).toEqual(
      ["a", "b", "c"].map((id) => `${testBase}/Patient/${id}`),
    );
    expect(second.link.some(({ relation }) => relation === "next")).toBe(false);
    expect(first.entry?.[0]).toMatchObject({ search: { mode: "match" }, resource: { meta: { versionId: "1" } } });
  });

  it("takes the parameters of a form as those of the address", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a", { gender: "female" }));
    const form = { "content-type": "application/x-www-form-urlencoded" };

    const found = await ask("POST", "Patient/_search?_count=5", "gender=female", form);
    const notFound = await ask("POST", "Patient/_search", "gender=male", form);
    const noForm = await ask("POST", "Patient/_search", { gender: "male" });

    expect([found.json["total"], notFound.json["total"], noForm.status]).toEqual([1, 0, 415]);
  });

  it("reports a parameter that it leaves out, and refuses it under strict handling", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a"));

    const lenient = (await ask("GET", "Patient?shoe-size=43")).json as unknown as SearchBundle;
    const strict = await ask("GET", "Patient?shoe-size=43", undefined, { prefer: "handling=strict" });

    expect(lenient.entry?.map(({ search, resource }) => [search.mode, resource.resourceType])).toEqual([
      ["match", "Patient"],
      ["outcome", "OperationOutcome"],
    ]);
    expect(strict.status).toBe(400);
    expect(strict.text).toContain("shoe-size");
  });

  it("brings included resources along and shortens what is asked for short", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Organization/o", { resourceType: "Organization", id: "o", name: "Clinic" });
    await ask(
      "PUT",
      "Patient/a",
      aPatient("a", { managingOrganization: { reference: "Organization/o" }, gender: "male" }),
    );

    const included = (await ask("GET", "Patient?_include=Patient:organization")).json as unknown as SearchBundle;
    const short = (await ask("GET", "Patient?_elements=gender")).json as unknown as SearchBundle;

    expect(included.entry?.map(({ search, resource }) => [search.mode, resource.id])).toEqual([
      ["match", "a"],
      ["include", "o"],
    ]);
    expect(short.entry?.[0]?.resource).toMatchObject({
      id: "a",
      gender: "male",
      meta: { tag: [{ code: "SUBSETTED" }] },
    });
    expect(short.entry?.[0]?.resource).not.toHaveProperty("managingOrganization");
  });
});

describeOnEachDatabase("the API's description of itself", (open) => {
  it("is a valid CapabilityStatement that names what the routes do", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);

    const { status, json } = await ask("GET", "metadata");
    const checked = await ask("POST", "CapabilityStatement/$validate", json);

    const [rest] = json["rest"] as [{ resource: { type: string; interaction: { code: string }[] }[] }];
    const patient = rest.resource.find(({ type }) => type === "Patient");
    expect(status).toBe(200);
    expect(json).toMatchObject({ fhirVersion: "4.0.1", format: ["json"], implementation: { url: testBase } });
    expect(checked.json).toMatchObject({ issue: [{ severity: "information" }] });
    expect(rest.resource.length).toBeGreaterThan(140);
    expect(patient?.interaction.map(({ code }) => code)).toContain("patch");
    expect(patient).toMatchObject({
      searchParam: expect.arrayContaining([expect.objectContaining({ name: "birthdate" })]),
    });
    expect(routes.some(({ method, path }) => method === "PATCH" && path === ":type/:id")).toBe(true);
  });
});

describeOnEachDatabase("$validate", (open) => {
  it("says what is wrong and saves nothing", async () => {
    await using database = await open();
    const { ask, store } = await fhirApiForTests(database);
    const wrapped = (resource: unknown) => ({
      resourceType: "Parameters",
      parameter: [
        { name: "resource", resource },
        { name: "profile", valueUri: "http://a/profile" },
      ],
    });

    const good = await ask("POST", "Patient/$validate", aPatient("a"));
    const bad = await ask("POST", "Patient/$validate", aPatient("a", { gender: "fem" }));
    const inParameters = await ask("POST", "Patient/$validate", wrapped(aPatient("a", { gender: "fem" })));
    const otherId = await ask("POST", "Patient/b/$validate", aPatient("a"));
    const empty = await ask("POST", "Patient/$validate", { resourceType: "Parameters" });

    expect([good, bad, inParameters, otherId, empty].map(({ status }) => status)).toEqual([200, 200, 200, 200, 400]);
    expect(good.json).toMatchObject({ issue: [{ severity: "information" }] });
    expect(bad.json).toMatchObject({ issue: [{ severity: "error", expression: ["Patient.gender"] }] });
    expect(inParameters.json).toMatchObject({ issue: [{ severity: "error" }, { severity: "warning" }] });
    expect(otherId.json).toMatchObject({ issue: [{ severity: "error", expression: ["Patient.id"] }] });
    expect(await store.read(database, { type: "Patient", id: "a" })).toBeUndefined();
  });

  it("checks a record as it is stored", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a"));

    expect((await ask("GET", "Patient/a/$validate")).json).toMatchObject({ issue: [{ severity: "information" }] });
    expect(await ask("GET", "Patient/b/$validate")).toMatchObject({ status: 404 });
  });
});

describeOnEachDatabase("hostile input", (open) => {
  it("gets a clear refusal, whatever it is, and leaves the data as it was", async () => {
    await using database = await open();
    const { ask, store } = await fhirApiForTests(database);
    const deep = `{"resourceType":"Patient","id":"a","x":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    const bodies = [
      "",
      "null",
      "[]",
      "42",
      '"Patient"',
      "{",
      "{}",
      deep,
      '{"resourceType":"Patient","id":"a","id":"a"}',
      '{"resourceType":"Patient","id":"a","__proto__":{"gender":"male"}}',
      '{"resourceType":"Patient","id":"a","constructor":{"prototype":{}}}',
      '{"resourceType":"Patient","id":"a","multipleBirthInteger":1e400}',
      `{"resourceType":"Patient","id":"a","multipleBirthInteger":${"9".repeat(100_000)}}`,
      '{"resourceType":"Patient","id":{"toString":"a"}}',
      '{"resourceType":"Patient","id":"a","name":"Ann"}',
      '{"resourceType":"Patient","id":"a","name":[]}',
      '{"resourceType":"Patient","id":"a","meta":null}',
      '{"resourceType":"Patient","id":"a","meta":[]}',
      '{"resourceType":"__proto__","id":"a"}',
    ];

    for (const body of bodies) {
      const answer = await ask("PUT", "Patient/a", body);
      expect([400, 422], body.slice(0, 80)).toContain(answer.status);
      expect(answer.json["resourceType"]).toBe("OperationOutcome");
    }
    for (const type of ["__proto__", "constructor", "toString", "DomainResource"]) {
      expect((await ask("GET", `${type}/a`)).status).toBe(404);
    }

    expect(await store.read(database, { type: "Patient", id: "a" })).toBeUndefined();
  });

  it("is met without a defect when it has characters that a database cannot hold", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    const nul = "\u0000";
    const criteria = `identifier=a${nul}b`;
    const request = { method: "POST", url: "Patient", ifNoneExist: criteria };

    const answers = [
      await ask("PUT", "Patient/a", aPatient("a", { name: [{ family: nul }] })),
      await ask("PUT", "Patient/b", aPatient("b", { identifier: [{ value: "\ud800" }] })),
      await ask("GET", "Patient?name=a%00b&identifier=%00&_id=%00"),
      await ask("GET", "Patient/%00"),
      await ask("POST", "Patient", { resourceType: "Patient" }, { "if-none-exist": criteria }),
      await ask("POST", "", {
        resourceType: "Bundle",
        type: "transaction",
        entry: [{ resource: { resourceType: "Patient" }, request }],
      }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([422, 201, 200, 404, 201, 200]);
  });

  it("is refused with 413 when it is larger than a body may be", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);

    const answer = await ask("PUT", "Patient/a", `{"resourceType":"Patient","id":"${"é".repeat(17 * 1024 * 1024)}"}`);

    expect(answer.status).toBe(413);
  });
});
