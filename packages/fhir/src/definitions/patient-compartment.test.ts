import { describe, expect, it } from "vitest";
import { patientOf, patientParametersOf } from "./patient-compartment.ts";
import { resourceTypes } from "./resource-types.ts";
import { searchParametersOf } from "./search-parameters.ts";

describe("the patient of a resource", () => {
  it("is the Patient itself for a Patient", () => {
    expect(patientOf({ resourceType: "Patient", id: "p1", link: [{ other: { reference: "Patient/p2" } }] })).toBe("p1");
  });

  it("is found by relative, absolute and versioned references", () => {
    for (const reference of ["Patient/p1", "https://parent.example/fhir/Patient/p1", "Patient/p1/_history/3"]) {
      expect(patientOf({ resourceType: "Observation", subject: { reference } })).toBe("p1");
    }
  });

  it("is found inside repeating elements", () => {
    const participant = [{ actor: { reference: "Practitioner/d1" } }, { actor: { reference: "Patient/p1" } }];

    expect(patientOf({ resourceType: "Appointment", participant })).toBe("p1");
  });

  it("is the one the record is about when several are named", () => {
    const claim = {
      resourceType: "Claim",
      payee: { party: { reference: "Patient/mother" } },
      patient: { reference: "Patient/child" },
    };

    expect(patientOf(claim)).toBe("child");
    expect(
      patientOf({
        resourceType: "Group",
        member: ["a", "b"].map((id) => ({ entity: { reference: `Patient/${id}` } })),
      }),
    ).toBe("a");
  });

  it("is nobody for other subjects, types outside the compartment, and what is no resource", () => {
    const others = [
      "Group/g1",
      "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
      "#p1",
      "Patient",
      "Patient?identifier=1",
    ];

    for (const reference of others) {
      expect(patientOf({ resourceType: "Observation", subject: { reference } })).toBeNull();
    }
    expect(patientOf({ resourceType: "Observation", subject: { display: "somebody" } })).toBeNull();
    expect(patientOf({ resourceType: "Organization", partOf: { reference: "Patient/p1" } })).toBeNull();
    expect(patientOf({ resourceType: "toString" })).toBeNull();
    expect(patientOf({})).toBeNull();
  });

  it("is sought by search parameters that exist", () => {
    const unknown = resourceTypes.flatMap((type) => {
      const codes = new Set(searchParametersOf(type).map((parameter) => parameter.code));
      return patientParametersOf(type).filter((code) => !codes.has(code));
    });

    expect(unknown).toEqual([]);
    expect(patientParametersOf("Observation")).toEqual(["subject", "performer"]);
  });
});
