import { describe, expect, it } from "vitest";
import { summarize } from "./summarize.ts";

const text = `{"resourceType":"Patient","id":"a","meta":{"versionId":"1"},"text":{"status":"generated","div":"<div/>"},
  "extension":[{"url":"urn:e","valueDecimal":1.00}],"modifierExtension":[{"url":"urn:m"}],
  "identifier":[{"value":"7"}],"name":[{"family":"Amin"}],"_birthDate":{"id":"q"},"deceasedBoolean":false,
  "maritalStatus":{"text":"M"},"contact":[{"name":{"text":"C"},"gender":"male"}],
  "link":[{"id":"l","other":{"reference":"Patient/2"},"type":"seealso"}]}`;

const whole = { summary: "false", elements: [] } as const;
const tag = { system: "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", code: "SUBSETTED" };

function membersOf(view: Parameters<typeof summarize>[1], of = text): string[] {
  return Object.keys(JSON.parse(summarize(of, view)) as object).sort();
}

describe("a shortened resource", () => {
  it("is the resource itself when all of it is wanted", () => {
    expect(summarize(text, whole)).toBe(text);
  });

  it("has the elements of its summary, those inside them included", () => {
    const summary = JSON.parse(summarize(text, { ...whole, summary: "true" })) as object;

    expect(Object.keys(summary).sort()).toEqual(
      [
        "resourceType",
        "id",
        "meta",
        "modifierExtension",
        "identifier",
        "name",
        "_birthDate",
        "deceasedBoolean",
        "link",
      ].sort(),
    );
    expect(summary).toMatchObject({ link: [{ other: { reference: "Patient/2" }, type: "seealso" }] });
  });

  it("has the narrative and what every resource of the type must have, for _summary=text", () => {
    expect(membersOf({ ...whole, summary: "text" })).toEqual(["id", "meta", "resourceType", "text"]);
    const observation =
      '{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"valueString":"v"}';
    expect(membersOf({ ...whole, summary: "text" }, observation)).toEqual([
      "code",
      "id",
      "meta",
      "resourceType",
      "status",
    ]);
  });

  it("has everything but the narrative, for _summary=data, and decimals keep their digits", () => {
    const data = summarize(text, { ...whole, summary: "data" });

    expect(data).not.toContain("<div/>");
    expect(data).toContain('"valueDecimal":1.00');
    expect(data).toContain("maritalStatus");
  });

  it("has the named elements, the required ones, and those that change the meaning of others", () => {
    const view = { ...whole, elements: ["maritalStatus", "deceased", "contact.name"] };

    expect(membersOf(view)).toEqual(
      ["contact", "deceasedBoolean", "id", "link", "maritalStatus", "meta", "modifierExtension", "resourceType"].sort(),
    );
    expect(JSON.parse(summarize(text, view))).toMatchObject({ contact: [{ name: { text: "C" } }] });
    expect(summarize(text, view)).not.toContain('"gender"');
  });

  it("says that it is not whole, once, and keeps its own tags", () => {
    const once = summarize(text, { ...whole, summary: "true" });
    const twice = summarize(once, { ...whole, summary: "data" });
    const tagged = summarize('{"resourceType":"Patient","meta":{"tag":[{"code":"own"}]}}', {
      ...whole,
      summary: "true",
    });

    expect(JSON.parse(twice)).toMatchObject({ meta: { versionId: "1", tag: [tag] } });
    expect(JSON.parse(tagged)).toMatchObject({ meta: { tag: [{ code: "own" }, tag] } });
  });
});
