import { describe, expect, it } from "vitest";
import { literalReferences, literalReferencesIn } from "./literal-references.ts";

const referring = (...references: string[]) => ({
  resourceType: "Observation",
  id: "o",
  performer: references.map((reference) => ({ reference })),
});

describe("the records that a resource refers to", () => {
  it("[S51] are found wherever they stand, each once, without their version", () => {
    const resource = {
      ...referring("Practitioner/n", "Practitioner/n/_history/3"),
      subject: { reference: "Patient/p" },
      extension: [{ url: "urn:x", valueReference: { reference: "Device/d" } }],
      contained: [{ resourceType: "Specimen", subject: { reference: "Patient/q" } }],
    };

    expect([...literalReferences(resource)].toSorted()).toEqual([
      "Device/d",
      "Patient/p",
      "Patient/q",
      "Practitioner/n",
    ]);
  });

  it.each(["#inside", "https://elsewhere.test/fhir/Patient/1", "urn:uuid:0c9f2e", "Patient?identifier=7", "Patient/"])(
    "[S51] are no contained ones and none that stand elsewhere: %s",
    (reference) => {
      expect(literalReferences(referring(reference)).size).toBe(0);
    },
  );

  it("[S51] are not looked for in text", () => {
    const resource = { resourceType: "Patient", text: { div: '<div>"reference":"Patient/9"</div>' }, reference: 4 };

    expect(literalReferences(resource).size).toBe(0);
  });

  it.each([
    String.raw`{"subject":{"reference":"Patient\/p"}}`,
    String.raw`{"subject":{"reference":"P\u0061tient/p"}}`,
    String.raw`{"subject":{"r\u0065ference":"Patient/p"}}`,
    String.raw`{"subject" : {"reference" : "Patient/p/_history/7"}, "note":"a\/b"}`,
  ])("[S211] are found in a stored text, however it is written: %s", (text) => {
    expect([...literalReferencesIn(text)]).toEqual(["Patient/p"]);
  });

  it("[S211] are found in a text that is no JSON, as far as they can be", () => {
    const cut = String.raw`{"note":"\/","subject":{"reference":"Patient/p"},"performer":[{"refer`;

    expect([...literalReferencesIn(cut)]).toEqual(["Patient/p"]);
  });
});
