import { expect, it } from "vitest";
import { pathWithoutValues } from "./withheld.ts";

it.each([
  ["Patient.birthDate", "Patient.birthDate"],
  ["Patient.identifier.where(system='urn:x' and value='12 (3)\\'')", "Patient.identifier"],
  ["Patient.telecom.where(value='+254 700')", "Patient.telecom"],
  ["Patient.photo[#9ae16a3b]", "Patient.photo"],
  ["Patient", "Patient"],
])("tells of %s only that it is %s", (path, told) => {
  expect(pathWithoutValues(path)).toBe(told);
});
