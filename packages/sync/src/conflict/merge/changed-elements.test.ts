import type { JsonObject } from "@tributary/fhir";
import { parseLossless, stringifyLossless } from "@tributary/fhir";
import { expect, it } from "vitest";
import { changedElements } from "./changed-elements.ts";

const home = { system: "phone", use: "home", value: "1" };
const mobile = { system: "phone", use: "mobile", value: "2" };
const aPatient = (members: JsonObject): JsonObject => ({ resourceType: "Patient", id: "p", ...members });

it.each<[string, JsonObject, JsonObject, readonly object[]]>([
  ["nothing between equal contents", { active: true }, { active: true }, []],
  [
    "an element that is new, one that is other and one that is gone",
    { gender: "male", active: true },
    { gender: "female", birthDate: "1980" },
    [
      { path: "Patient.gender", before: { gender: "male" }, after: { gender: "female" } },
      { path: "Patient.birthDate", before: undefined, after: { birthDate: "1980" } },
      { path: "Patient.active", before: { active: true }, after: undefined },
    ],
  ],
  [
    "a choice of types as one element",
    { deceasedBoolean: true },
    { deceasedDateTime: "2020" },
    [{ path: "Patient.deceased", before: { deceasedBoolean: true }, after: { deceasedDateTime: "2020" } }],
  ],
  [
    "the item of a list by its key",
    { telecom: [home, mobile] },
    { telecom: [home, { ...mobile, value: "3" }] },
    [
      {
        path: "Patient.telecom.where(system='phone' and use='mobile')",
        before: { telecom: [mobile] },
        after: { telecom: [{ ...mobile, value: "3" }] },
      },
    ],
  ],
  [
    "items that came and went",
    { telecom: [home] },
    { telecom: [mobile] },
    [
      { path: "Patient.telecom.where(system='phone' and use='home')", before: { telecom: [home] }, after: undefined },
      {
        path: "Patient.telecom.where(system='phone' and use='mobile')",
        before: undefined,
        after: { telecom: [mobile] },
      },
    ],
  ],
  [
    "another order as a change of the whole list",
    { telecom: [home, mobile] },
    { telecom: [mobile, home] },
    [{ path: "Patient.telecom", before: { telecom: [home, mobile] }, after: { telecom: [mobile, home] } }],
  ],
  [
    "the member of an item that has members of its own",
    { contact: [{ relationship: [{ text: "Mother" }], gender: "male" }] },
    { contact: [{ relationship: [{ text: "Mother" }], gender: "female" }] },
    [
      {
        path: "Patient.contact.where(relationship.text='Mother').gender",
        before: { gender: "male" },
        after: { gender: "female" },
      },
    ],
  ],
  [
    "no version numbers of the server",
    { meta: { versionId: "1", lastUpdated: "2020-01-01T00:00:00Z" } },
    { meta: { versionId: "2", lastUpdated: "2021-01-01T00:00:00Z" } },
    [],
  ],
])("tells %s", (_, before, after, changes) => {
  expect(changedElements("Patient", aPatient(before), aPatient(after))).toEqual([...changes]);
});

it("tells every element of a record that was created or deleted, its own id included", () => {
  const patient = aPatient({ active: true });

  expect(changedElements("Patient", undefined, patient).map(({ path }) => path)).toEqual([
    "Patient.id",
    "Patient.active",
  ]);
  expect(changedElements("Patient", patient, undefined)).toContainEqual({
    path: "Patient.active",
    before: { active: true },
    after: undefined,
  });
});

it("keeps the digits of decimals, and tells when only their precision changed", () => {
  const observed = (value: string) =>
    parseLossless(`{"resourceType":"Observation","valueQuantity":{"value":${value},"unit":"kg"}}`) as JsonObject;

  const [change, ...others] = changedElements("Observation", observed("70.0"), observed("70.00"));

  expect(others).toEqual([]);
  expect(change?.path).toBe("Observation.value");
  expect(stringifyLossless(change?.after ?? {})).toBe('{"valueQuantity":{"value":70.00,"unit":"kg"}}');
});
