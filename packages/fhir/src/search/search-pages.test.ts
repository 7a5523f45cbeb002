import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { requestOf, searchForTests } from "../../testing/search-for-tests.ts";
import { writePageToken } from "./query/page-token.ts";
import { searchName } from "./request/parse-search-request.ts";

const people = [
  { resourceType: "Patient", id: "a", name: [{ family: "Moss" }], birthDate: "1980-05-05", gender: "male" },
  {
    resourceType: "Patient",
    id: "b",
    name: [{ family: "Adams" }, { family: "Zola" }],
    birthDate: "1990",
    gender: "female",
  },
  { resourceType: "Patient", id: "c", birthDate: "1970-01-01", gender: "male" },
  { resourceType: "Patient", id: "d", name: [{ family: "Moss" }], gender: "female" },
  { resourceType: "Patient", id: "e", name: [{ family: "Élan" }], birthDate: "1985-02" },
];

describeOnEachDatabase("the pages of a search", (open) => {
  it("are sorted by any parameter, either way, by several keys, and with resources without a value last", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    await save(...people);

    expect(await find("Patient?_sort=birthdate")).toEqual(["c", "a", "e", "b", "d"]);
    expect(await find("Patient?_sort=-birthdate")).toEqual(["b", "e", "a", "c", "d"]);
    expect(await find("Patient?_sort=family")).toEqual(["b", "e", "a", "d", "c"]);
    expect(await find("Patient?_sort=-family")).toEqual(["b", "a", "d", "e", "c"]);
    expect(await find("Patient?_sort=family,-_id")).toEqual(["b", "e", "d", "a", "c"]);
    expect(await find("Patient?_sort=-gender,birthdate")).toEqual(["c", "a", "b", "d", "e"]);
    expect(await find("Patient?_sort=-_id")).toEqual(["e", "d", "c", "b", "a"]);
    expect(await find("Patient?_sort=_lastUpdated,_id&gender=male")).toEqual(["a", "c"]);
  });

  it("lead from the first to the last and back, in every order", async () => {
    await using database = await open();
    const { save, search } = await searchForTests(database);
    await save(...people);

    for (const sort of ["", "&_sort=family", "&_sort=-birthdate,gender", "&_sort=-_lastUpdated", "&_sort=_id"]) {
      const text = `Patient?_count=2${sort}`;
      const whole = (await search(`Patient?${sort}`)).matches.map(({ id }) => id);
      const first = await search(text);
      const second = await search(text, first.next);
      const third = await search(text, second.next);
      const back = await search(text, third.previous);
      const start = await search(text, back.previous);
      const pages = [first, second, third, back, start].map(({ matches }) => matches.map(({ id }) => id));

      expect(pages).toEqual([
        whole.slice(0, 2),
        whole.slice(2, 4),
        whole.slice(4),
        whole.slice(2, 4),
        whole.slice(0, 2),
      ]);
      expect([first.previous, third.next, start.previous]).toEqual([undefined, undefined, undefined]);
    }
  });

  it("keep a changed resource in the place it had on the first page", async () => {
    await using database = await open();
    const { save, search, remove } = await searchForTests(database);
    await save(...people);
    const text = "Patient?_sort=birthdate&_count=2";
    const first = await search(text);

    await save({ resourceType: "Patient", id: "a", birthDate: "2010-01-01" });
    await save({ resourceType: "Patient", id: "e", birthDate: "1950-01-01" });
    await save({ resourceType: "Patient", id: "f", birthDate: "1986-01-01" });
    await remove("Patient/b");
    const second = await search(text, first.next);

    expect(first.matches.map(({ id }) => id)).toEqual(["c", "a"]);
    expect(second.matches.map(({ id }) => id)).toEqual(["e", "d"]);
    expect(second.next).toBeUndefined();
  });

  it("may change their size on the way", async () => {
    await using database = await open();
    const { save, search } = await searchForTests(database);
    await save(...people);

    const first = await search("Patient?_count=1&_sort=_id");
    const second = await search("Patient?_count=3&_sort=_id", first.next);

    expect(second.matches.map(({ id }) => id)).toEqual(["b", "c", "d"]);
  });

  it("tell the total when it is asked for, and when one page holds it all", async () => {
    await using database = await open();
    const { save, search } = await searchForTests(database);
    await save(...people);

    expect((await search("Patient?gender=male")).total).toBe(2);
    expect((await search("Patient?_count=2")).total).toBeUndefined();
    expect((await search("Patient?_count=2&_total=accurate")).total).toBe(5);
    expect((await search("Patient?_count=2&_total=none")).total).toBeUndefined();
    expect(await search("Patient?_summary=count&gender=male")).toMatchObject({ total: 2, matches: [] });
    expect(await search("Patient?_count=0&_include=Patient:organization")).toMatchObject({
      total: 5,
      matches: [],
      includes: [],
    });
  });

  it("carry body, version and time of each resource as they are now", async () => {
    await using database = await open();
    const { save, search } = await searchForTests(database);
    await save({ resourceType: "Patient", id: "a" });
    await save({ resourceType: "Patient", id: "a", active: true });

    const { matches } = await search("Patient?_id=a");

    expect(matches).toMatchObject([{ type: "Patient", id: "a", version: 2, body: expect.stringContaining("active") }]);
    expect(matches[0]!.lastUpdated).toBeGreaterThan(1_700_000_000_000);
  });

  it("refuse a token that was made for another search, was changed, or is none", async () => {
    await using database = await open();
    const { save, search } = await searchForTests(database);
    await save(...people);
    const { next } = await search("Patient?_count=2&_sort=family");

    for (const [text, token] of [
      ["Patient?_count=2&_sort=birthdate", next!],
      ["Patient?_count=2&_sort=family&gender=male", next!],
      ["Observation?_count=2&_sort=value-string", next!],
      ["Patient?_count=2&_sort=family", `${next}x`.replace(/^./, "x")],
      ["Patient?_count=2", Buffer.from('[1,"after",[],-1,1,1,0]').toString("base64url")],
      ["Patient?_sort=birthdate", forged("Patient?_sort=birthdate", ["x"])],
      ["Patient?_sort=birthdate", forged("Patient?_sort=birthdate", [1.5])],
      ["Patient?_sort=_lastUpdated", forged("Patient?_sort=_lastUpdated", ["x"])],
      ["Patient?_sort=family", forged("Patient?_sort=family", [1])],
      ["Patient?_sort=family", forged("Patient?_sort=family", ["a", "b"])],
      ["Patient?_count=2", Buffer.from("null").toString("base64url")],
      ["Patient?_count=2", "x".repeat(10_000)],
    ] as const) {
      await expect(search(text, token)).rejects.toMatchObject({
        status: 400,
        issues: [{ diagnostics: expect.stringContaining("Begin again at its first page") }],
      });
    }
  });
});

/** A token whose form is right and whose values are not. */
function forged(search: string, values: readonly (string | number)[]): string {
  const bound = { versionKey: 1, resourceKey: 1 };
  return writePageToken({ direction: "after", values, resourceKey: 1, bound }, searchName(requestOf(search)));
}
