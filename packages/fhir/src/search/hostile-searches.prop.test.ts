import { describeOnEachDatabase } from "@tributary/database/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { searchForTests } from "../../testing/search-for-tests.ts";
import { FhirRefusal } from "../model/fhir-refusal.ts";
import { alternativesMax } from "./limits.ts";

const codes = [
  "identifier",
  "name",
  "family",
  "birthdate",
  "general-practitioner",
  "organization",
  "_id",
  "_lastUpdated",
  "_profile",
  "_sort",
  "_count",
  "_include",
  "_page",
  "_elements",
  "_summary",
  "_has:Observation:patient:value-quantity",
  "organization.name",
  "nonsense",
];
const endings = [
  "",
  "",
  "",
  ":exact",
  ":contains",
  ":missing",
  ":not",
  ":below",
  ":above",
  ":Patient",
  ":identifier",
  ":x",
];
const pieces = [
  "'",
  '"',
  "%",
  "_",
  "\\",
  "|",
  ",",
  "$",
  ";--",
  "\0",
  "\u{d800}",
  "é",
  "2024",
  "ge",
  "1e400",
  "-9",
  "Patient/1",
  "http://x/",
  "*",
  "{}",
  " ",
];
const value = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 20 }),
);

describeOnEachDatabase("a hostile search", (open, dialect) => {
  it("finds something or nothing, or is refused; it never breaks", async () => {
    await using database = await open();
    const { save, search } = await searchForTests(database);
    await save({
      resourceType: "Patient",
      id: "a",
      name: [{ family: "a\0b\u{d800}'\"%" }],
      identifier: [{ value: "\0" }],
    });

    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...codes), fc.constantFrom(...endings), value), {
          minLength: 1,
          maxLength: 3,
        }),
        async (parameters) => {
          const query = new URLSearchParams();
          for (const [code, ending, text] of parameters) query.append(code + ending, text);
          const answer = await search(`Patient?${query.toString()}`).catch((error: unknown) => error);

          expect(answer instanceof FhirRefusal ? answer.status : answer).toEqual(
            answer instanceof FhirRefusal ? 400 : expect.objectContaining({ matches: expect.any(Array) as unknown[] }),
          );
        },
      ),
      { numRuns: dialect === "sqlite" ? 400 : 150 },
    );
  });

  it("may have as many values as is allowed, of every kind", async () => {
    await using database = await open();
    const { find } = await searchForTests(database);
    const many = (text: (index: number) => string) =>
      Array.from({ length: alternativesMax }, (_, at) => text(at)).join(",");

    expect(await find(`Patient?identifier=${many((at) => `urn:s${at}|${at}`)}`)).toEqual([]);
    expect(await find(`Patient?family=${many((at) => `name${at}`)}`)).toEqual([]);
    expect(await find(`Patient?family:contains=${many((at) => `name${at}`)}`)).toEqual([]);
    expect(await find(`Patient?birthdate=${many((at) => `ge${1500 + at}`)}`)).toEqual([]);
    expect(await find(`Patient?_lastUpdated=${many((at) => `${1500 + at}`)}`)).toEqual([]);
    expect(await find(`Patient?_id=${many(String)}&gender=male`)).toEqual([]);
    expect(await find(`Observation?patient=${many(String)}&value-quantity=${many((at) => `${at}||mg`)}`)).toEqual([]);
  });
});
