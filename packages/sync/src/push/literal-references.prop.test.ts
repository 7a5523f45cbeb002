import type { JsonObject } from "@tributary/fhir";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { literalReferences, literalReferencesIn } from "./literal-references.ts";

const aReference = fc.oneof(
  fc.constantFrom("Patient/1", "Practitioner/n.1/_history/2", "#in", "Patient?x=1", "https://a.test/Patient/1", "P/1"),
  fc.tuple(fc.constantFrom("Patient", "Org", "group"), fc.string()).map((parts) => parts.join("/")),
);
const aName = fc.constantFrom("reference", "reference", "subject", 'x"reference');
const { aValue } = fc.letrec((tie) => ({
  aValue: fc.oneof(
    { depthSize: "small" },
    aReference,
    fc.string(),
    fc.constantFrom('"reference":"Patient/9"', null, 4, true),
    fc.dictionary(aName, tie("aValue"), { maxKeys: 4 }),
    fc.tuple(tie("aValue"), tie("aValue")),
  ),
}));

/** The same text with the slashes, and a letter of each member that may hold a reference, as escapes. */
function escaped(text: string): string {
  return text.replaceAll("/", String.raw`\/`).replaceAll("reference", String.raw`re\u0066erence`);
}

describe("the references in a text", () => {
  it("[S211] are those of what it says, also where it is spaced out or written with escapes", () => {
    fc.assert(
      fc.property(aValue, (value) => {
        const resource = { resourceType: "Basic", value } as JsonObject;
        const texts = [JSON.stringify(resource), JSON.stringify(resource, null, 2), escaped(JSON.stringify(resource))];

        const found = texts.map((text) => [...literalReferencesIn(text)].toSorted());

        const known = [...literalReferences(resource)].toSorted();
        expect(found).toEqual([known, known, known]);
      }),
    );
  });
});
