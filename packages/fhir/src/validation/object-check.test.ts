import { describe, expect, it } from "vitest";
import type { JsonObject } from "../model/json-value.ts";
import { nestingDepthMax } from "../model/limits.ts";
import { validateResource } from "./validate-resource.ts";

describe("members of an object", () => {
  it("must be elements of its type", () => {
    expect(issuesOf({ nickname: "Ami" })).toEqual(["structure Patient.nickname"]);
    expect(issuesOf({ name: [{ first: "Amina" }] })).toEqual(["structure Patient.name[0].first"]);
    expect(issuesOf({ name: [{ resourceType: "HumanName" }] })).toEqual(["structure Patient.name[0].resourceType"]);
    expect(issuesOf({ deceased: true })).toEqual(["structure Patient.deceased"]);
    expect(issuesOf({ valueString: "x" })).toEqual(["structure Patient.valueString"]);
    expect(issuesOf({ _name: [{ id: "n" }] })).toEqual(["structure Patient._name"]);
    expect(validateResource(JSON.parse('{"resourceType": "Patient", "__proto__": {"active": true}}'))).toHaveLength(1);
  });

  it("are named in an issue only when they look like an element's name", () => {
    const [issue] = validateResource({ resourceType: "Patient", "Amina Diallo": true });

    expect(issue?.diagnostics).toBe("Patient has a member whose name is no element of this type.");
  });

  it("are objects, arrays and primitives as the element says", () => {
    expect(issuesOf({ name: { family: "Diallo" } })).toEqual(["structure Patient.name"]);
    expect(issuesOf({ name: ["Diallo"] })).toEqual(["structure Patient.name[0]"]);
    expect(issuesOf({ name: [[{ family: "Diallo" }]] })).toEqual(["structure Patient.name[0]"]);
    expect(issuesOf({ gender: ["female"] })).toEqual(["structure Patient.gender"]);
    expect(issuesOf({ maritalStatus: [{ text: "married" }] })).toEqual(["structure Patient.maritalStatus"]);
    expect(issuesOf({ active: "true" })).toEqual(["structure Patient.active"]);
    expect(issuesOf({ name: [{ given: "Amina" }] })).toEqual(["structure Patient.name[0].given"]);
  });

  it("are never empty", () => {
    expect(issuesOf({ name: [] })).toEqual(["structure Patient.name"]);
    expect(issuesOf({ name: [{}] })).toEqual(["structure Patient.name[0]"]);
    expect(issuesOf({ name: [{ given: [] }] })).toEqual(["structure Patient.name[0].given"]);
    expect(issuesOf({ name: [{ family: "" }] })).toEqual(["structure Patient.name[0].family"]);
    expect(issuesOf({ name: [{ id: "n" }] })).toEqual(["structure Patient.name[0]"]);
  });

  it("are null only where a primitive that repeats has a gap", () => {
    expect(issuesOf({ active: null })).toEqual(["structure Patient.active"]);
    expect(issuesOf({ name: null })).toEqual(["structure Patient.name"]);
    expect(issuesOf({ name: [null] })).toEqual(["structure Patient.name[0]"]);
    expect(issuesOf({ name: [{ given: ["Amina", null] }] })).toEqual(["structure Patient.name[0].given[1]"]);
    expect(issuesOf({ _active: null })).toEqual(["structure Patient.active"]);
  });
});

describe("the number of an element", () => {
  it("is at least one when it is required", () => {
    expect(validateResource({ resourceType: "Observation", code: { text: "x" } })).toMatchObject([
      { code: "required", diagnostics: "Observation.status is required and missing." },
    ]);
    expect(issuesOf({ link: [{ type: "seealso" }] })).toEqual(["required Patient.link[0].other"]);
    expect(issuesOf({ communication: [{ preferred: true }] })).toEqual(["required Patient.communication[0].language"]);
  });

  it("is met by an extension that says why a primitive is missing", () => {
    const _status = { extension: [{ url: "https://example.org/why", valueCode: "unknown" }] };

    expect(validateResource({ resourceType: "Observation", code: { text: "x" }, _status })).toEqual([]);
  });

  it("is at most one for a choice, whatever its types", () => {
    expect(issuesOf({ deceasedBoolean: true, deceasedDateTime: "2026" })).toEqual([
      "structure Patient.deceased.ofType(dateTime)",
    ]);
    expect(issuesOf({ _deceasedBoolean: { extension: [anExtension] }, deceasedDateTime: "2026" })).toEqual([
      "structure Patient.deceased.ofType(dateTime)",
    ]);
    expect(issuesOf({ deceasedDateTime: "2026", _deceasedDateTime: { extension: [anExtension] } })).toEqual([]);
  });

  it("is none for a type that a choice does not have", () => {
    expect(issuesOf({ deceasedString: "yes" })).toEqual(["structure Patient.deceasedString"]);
  });
});

describe("presence rules", () => {
  it("ask for one element of several", () => {
    expect(validateResource({ resourceType: "Patient", contact: [{ gender: "female" }] })).toMatchObject([
      {
        code: "invariant",
        diagnostics: "Patient.contact[0] must have name or have telecom or have address or have organization (pat-1).",
      },
    ]);
  });

  it("ask for one element where there is another", () => {
    expect(issuesOf({ telecom: [{ value: "+223 20 22 27 12" }] })).toEqual(["invariant Patient.telecom[0]"]);
    expect(issuesOf({ photo: [{ data: "AAEC" }] })).toEqual(["invariant Patient.photo[0]"]);
  });

  it("forbid two elements beside each other, choices included", () => {
    const observation = { resourceType: "Observation", status: "final", code: { text: "x" } };

    expect(validateResource({ ...observation, valueString: "y", dataAbsentReason: { text: "z" } })).toMatchObject([
      { code: "invariant", expression: ["Observation"] },
    ]);
    expect(validateResource({ ...observation, dataAbsentReason: { text: "z" } })).toEqual([]);
  });

  it("ask for exactly one element of several", () => {
    const parameters = (parameter: object) =>
      validateResource({ resourceType: "Parameters", parameter: [{ name: "a", ...parameter }] });
    const resource = { resourceType: "Patient" };

    expect(parameters({ valueString: "x" })).toEqual([]);
    expect(parameters({ resource })).toEqual([]);
    expect(parameters({})).toMatchObject([{ code: "invariant" }]);
    expect(parameters({ valueString: "x", resource })).toMatchObject([{ code: "invariant" }]);
  });

  it("ask of an extension an address, and a value or extensions but not both", () => {
    expect(issuesOf({ extension: [{ valueString: "x" }] })).toEqual(["required Patient.extension[0].url"]);
    expect(issuesOf({ extension: [{ url: "https://example.org/a" }] })).toEqual(["invariant Patient.extension[0]"]);
    expect(issuesOf({ extension: [{ ...anExtension, extension: [anExtension] }] })).toEqual([
      "invariant Patient.extension[0]",
    ]);
    expect(issuesOf({ extension: [{ ...anExtension, valueCode: "b" }] })).toEqual([
      "structure Patient.extension[0].value.ofType(code)",
    ]);
  });
});

describe("the ids and extensions of primitives", () => {
  it("stand beside the value or in its place", () => {
    expect(issuesOf({ birthDate: "1984", _birthDate: { id: "b" } })).toEqual([]);
    expect(issuesOf({ _birthDate: { extension: [anExtension] } })).toEqual([]);
    expect(issuesOf({ _birthDate: { id: "b" } })).toEqual(["structure Patient.birthDate"]);
    expect(issuesOf({ birthDate: "1984", _birthDate: {} })).toEqual(["structure Patient.birthDate"]);
  });

  it("are objects with nothing else in them", () => {
    expect(issuesOf({ _birthDate: "1984" })).toEqual(["structure Patient.birthDate"]);
    expect(issuesOf({ _birthDate: { value: "1984", extension: [anExtension] } })).toEqual([
      "structure Patient.birthDate.value",
    ]);
    expect(issuesOf({ _birthDate: { extension: [{ url: "https://example.org/a", valueDate: "?" }] } })).toEqual([
      "value Patient.birthDate.extension[0].value.ofType(date)",
    ]);
  });

  it("of a primitive that repeats stand in an array of the same order", () => {
    const filled = { extension: [anExtension] };

    expect(issuesOf({ name: [{ given: [null, "A"], _given: [filled, null] }] })).toEqual([]);
    expect(issuesOf({ name: [{ _given: [filled] }] })).toEqual([]);
    expect(issuesOf({ name: [{ given: ["A"], _given: filled }] })).toEqual(["structure Patient.name[0].given"]);
    expect(issuesOf({ name: [{ given: ["A"], _given: [] }] })).toEqual(["structure Patient.name[0].given"]);
    expect(issuesOf({ name: [{ given: ["A"], _given: [null, filled] }] })).toEqual(["structure Patient.name[0].given"]);
    expect(issuesOf({ name: [{ given: ["A", null], _given: [filled, null] }] })).toEqual([
      "structure Patient.name[0].given[1]",
    ]);
    expect(issuesOf({ name: [{ _given: [null, filled] }] })).toEqual(["structure Patient.name[0].given[0]"]);
  });

  it("are not there for ids and for the address of an extension", () => {
    expect(issuesOf({ id: "p1", _id: { extension: [anExtension] } })).toEqual(["structure Patient._id"]);
    expect(issuesOf({ extension: [{ ...anExtension, _url: { id: "u" } }] })).toEqual([
      "structure Patient.extension[0]._url",
    ]);
  });
});

describe("nesting", () => {
  it("ends at a limit", () => {
    const nested = (levels: number): JsonObject =>
      levels === 0 ? anExtension : { url: "https://example.org/a", extension: [nested(levels - 1)] };

    expect(issuesOf({ extension: [nested(nestingDepthMax - 2)] })).toEqual([]);
    expect(validateResource({ resourceType: "Patient", extension: [nested(5_000)] })).toMatchObject([
      { code: "structure", diagnostics: expect.stringContaining(`${nestingDepthMax} levels`) },
    ]);
  });
});

const anExtension: JsonObject = { url: "https://example.org/a", valueString: "x" };

/** The issues of a Patient with these members, as code and place. */
function issuesOf(members: object): string[] {
  return validateResource({ resourceType: "Patient", ...members }).map(
    (issue) => `${issue.code} ${issue.expression?.join()}`,
  );
}
