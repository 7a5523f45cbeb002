import { describe, expect, it } from "vitest";
import { validateResource } from "./validate-resource.ts";

describe("a code with a required binding", () => {
  it("is one of its value set", () => {
    expect(validateResource({ resourceType: "Patient", gender: "fem" })).toMatchObject([
      { code: "code-invalid", diagnostics: "Patient.gender must be one of female, male, other, unknown and not fem." },
    ]);
  });

  it("is one of its value set in lists and inside other elements", () => {
    const name = [{ use: "offical" }];

    expect(validateResource({ resourceType: "Patient", name })).toMatchObject([
      { expression: ["Patient.name[0].use"] },
    ]);
    expect(validateResource({ ...anAllergy, category: ["food", "foods"] })).toMatchObject([
      { code: "code-invalid", expression: ["AllergyIntolerance.category[1]"] },
    ]);
  });

  it("is repeated in the message only when it looks like a code", () => {
    const [issue] = validateResource({ resourceType: "Patient", gender: "Amina says female" });

    expect(issue?.diagnostics).toBe("Patient.gender must be one of female, male, other, unknown.");
  });

  it("is a code at all", () => {
    expect(validateResource({ resourceType: "Patient", gender: 1 })).toMatchObject([{ code: "structure" }]);
    expect(validateResource({ resourceType: "Patient", gender: "female " })).toMatchObject([{ code: "value" }]);
  });

  it("is anything where the value set cannot be listed", () => {
    expect(validateResource({ resourceType: "Binary", contentType: "application/x-anything" })).toEqual([]);
  });
});

describe("a concept with a required binding", () => {
  const system = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";

  it("has a coding of the value set among its codings", () => {
    const local = { system: "https://example.org", code: "act" };

    expect(validateResource({ ...anAllergy, clinicalStatus: { coding: [local, { system, code: "active" }] } })).toEqual(
      [],
    );
    expect(validateResource({ ...anAllergy, clinicalStatus: { coding: [local] } })).toMatchObject([
      { code: "code-invalid", expression: ["AllergyIntolerance.clinicalStatus"] },
    ]);
  });

  it("has the code in the right code system", () => {
    for (const coding of [
      { code: "active" },
      { system: "https://example.org", code: "active" },
      { system, code: "on" },
    ]) {
      expect(validateResource({ ...anAllergy, clinicalStatus: { coding: [coding] } })).toHaveLength(1);
    }
  });

  it("is not a text alone, unless an extension says why", () => {
    const extension = [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "unknown" }];

    expect(validateResource({ ...anAllergy, clinicalStatus: { text: "active" } })).toHaveLength(1);
    expect(validateResource({ ...anAllergy, clinicalStatus: { extension } })).toEqual([]);
  });
});

const anAllergy = { resourceType: "AllergyIntolerance", patient: { reference: "Patient/p1" } };
