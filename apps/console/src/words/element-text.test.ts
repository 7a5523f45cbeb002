import { beforeAll, expect, it } from "vitest";
import { elementText, spacedName } from "./element-text.ts";
import { learn } from "./spoken.ts";

beforeAll(() => learn("fr"));

it("calls the place of a value by what a person calls it", () => {
  expect(elementText("en", "Patient.birthDate")).toBe("Date of birth");
  expect(elementText("fr", "birthDate")).toBe("Date de naissance");
  expect(elementText("en", "telecom.where(system='phone' and use.empty())")).toBe("Contact details · phone");
  expect(elementText("en", "Patient.identifier.where(system='http://moh.example/nid').value")).toBe(
    "Identifier · nid · value",
  );
});

it("parts the words of a name that no catalogue has", () => {
  expect(spacedName("multipleBirthBoolean")).toBe("Multiple birth boolean");
  expect(elementText("en", "someNewElement")).toBe("Some new element");
});
