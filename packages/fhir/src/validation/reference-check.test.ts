import { describe, expect, it } from "vitest";
import { validateResource } from "./validate-resource.ts";

describe("a reference", () => {
  it("leads to a type that the element allows", () => {
    for (const reference of ["Patient/p1", "Group/g1", "Patient/p1/_history/2", "Patient?identifier=a/b"]) {
      expect(issuesOf({ subject: { reference } })).toEqual([]);
    }
  });

  it("does not lead to another type, relatively, by a search or absolutely", () => {
    for (const reference of ["Practitioner/d1", "Practitioner?name=x", "https://example.org/fhir/Practitioner/d1"]) {
      expect(issuesOf({ subject: { reference } })).toEqual([
        "value Encounter.subject must refer to Group or Patient and not to Practitioner.",
      ]);
    }
    expect(issuesOf({ basedOn: [{ reference: "ServiceRequest/1" }, { reference: "Patient/1" }] })).toEqual([
      "value Encounter.basedOn[1] must refer to ServiceRequest and not to Patient.",
    ]);
  });

  it("may lead anywhere by other addresses", () => {
    const elsewhere = [
      "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
      "urn:oid:1.2.3",
      "https://example.org/patients/1",
      "https://example.org/fhir/Something/1",
      "somewhere",
    ];

    for (const reference of elsewhere) expect(issuesOf({ subject: { reference } })).toEqual([]);
  });

  it("names a type of R4 when it is relative", () => {
    expect(issuesOf({ subject: { reference: "Patients/p1" } })).toEqual([
      "value Encounter.subject.reference must name a resource type of R4.",
    ]);
  });

  it("has a well-formed id when it is relative", () => {
    for (const reference of ["Patient/", "Patient/a b", "Patient/a/b", "Patient/p1/_history/", "Patient/p1?x=1"]) {
      expect(issuesOf({ subject: { reference } })).toEqual([
        "value Encounter.subject.reference must have an id after the resource type, as in Patient/123.",
      ]);
    }
  });

  it("of a choice is held to the types of the choice", () => {
    const request = { resourceType: "MedicationRequest", status: "active", intent: "order", subject: { display: "x" } };

    expect(validateResource({ ...request, medicationReference: { reference: "Substance/s" } })).toMatchObject([
      { code: "value", expression: ["MedicationRequest.medication.ofType(Reference)"] },
    ]);
  });

  it("leads to a contained resource that is there and has an allowed type", () => {
    const contained = [
      { resourceType: "Patient", id: "p" },
      { resourceType: "Organization", id: "o", name: "Clinic" },
    ];

    expect(issuesOf({ contained, subject: { reference: "#p" } })).toEqual([]);
    expect(issuesOf({ contained, partOf: { reference: "#" } })).toEqual([]);
    expect(issuesOf({ contained, subject: { reference: "#q" } })).toEqual([
      "not-found Encounter.subject must refer to a contained resource that is there.",
    ]);
    expect(issuesOf({ contained, subject: { reference: "#o" } })).toEqual([
      "value Encounter.subject must refer to Group or Patient and not to Organization.",
    ]);
  });

  it("from one contained resource may lead to another", () => {
    const contained = [
      { resourceType: "Patient", id: "p", managingOrganization: { reference: "#o" } },
      { resourceType: "Organization", id: "o", name: "Clinic" },
    ];

    expect(issuesOf({ contained, subject: { reference: "#p" } })).toEqual([]);
    expect(issuesOf({ contained: contained.slice(0, 1), subject: { reference: "#p" } })).toEqual([
      "not-found Encounter.contained[0].managingOrganization must refer to a contained resource that is there.",
    ]);
  });
});

/** The issues of an Encounter with these members, as code and sentence. */
function issuesOf(members: object): string[] {
  const encounter = { resourceType: "Encounter", status: "planned", class: { code: "AMB" }, ...members };
  return validateResource(encounter).map((issue) => `${issue.code} ${issue.diagnostics}`);
}
