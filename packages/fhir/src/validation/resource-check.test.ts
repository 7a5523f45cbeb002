import { describe, expect, it } from "vitest";
import { validateResource } from "./validate-resource.ts";

describe("a contained resource", () => {
  it("is validated as the type it says it is", () => {
    expect(issuesOf({ resourceType: "Organization", id: "o", name: 7 })).toEqual([
      "structure Patient.contained[0].name",
    ]);
    expect(issuesOf({ id: "o" })).toEqual(["required Patient.contained[0].resourceType"]);
    expect(issuesOf("Organization/1")).toEqual(["structure Patient.contained[0]"]);
  });

  it("has an id, and one of its own", () => {
    const organization = { resourceType: "Organization", id: "o", name: "Clinic" };

    expect(issuesOf({ resourceType: "Organization", name: "Clinic" })).toEqual(["required Patient.contained[0].id"]);
    expect(issuesOf(organization, organization)).toEqual(["duplicate Patient.contained"]);
    expect(issuesOf(organization, { ...organization, id: "o2" })).toEqual([]);
  });

  it("contains no others, and has no version and no security labels", () => {
    const inner = { resourceType: "Patient", id: "inner" };

    expect(issuesOf({ resourceType: "Patient", id: "p", contained: [inner] })).toEqual([
      "invariant Patient.contained[0].contained",
    ]);
    expect(issuesOf({ resourceType: "Patient", id: "p", meta: { versionId: "1" } })).toEqual([
      "invariant Patient.contained[0].meta",
    ]);
    expect(issuesOf({ resourceType: "Patient", id: "p", meta: { security: [{ code: "R" }] } })).toEqual([
      "invariant Patient.contained[0].meta",
    ]);
  });
});

describe("a resource in a Bundle or in Parameters", () => {
  it("is validated as the type it says it is", () => {
    const resource = { resourceType: "Patient", gender: "fem" };
    const bundle = { resourceType: "Bundle", type: "collection", entry: [{ resource }] };
    const parameters = { resourceType: "Parameters", parameter: [{ name: "a", resource }] };

    expect(placesOf(bundle)).toEqual(["code-invalid Bundle.entry[0].resource.gender"]);
    expect(placesOf(parameters)).toEqual(["code-invalid Parameters.parameter[0].resource.gender"]);
  });

  it("needs no id and may contain others, into which its own references lead", () => {
    const contained = [{ resourceType: "Organization", id: "o", name: "Clinic" }];
    const first = { resourceType: "Patient", contained, managingOrganization: { reference: "#o" } };
    const second = { resourceType: "Patient", managingOrganization: { reference: "#o" } };
    const bundle = { resourceType: "Bundle", type: "collection", entry: [{ resource: first }, { resource: second }] };

    expect(placesOf(bundle)).toEqual(["not-found Bundle.entry[1].resource.managingOrganization"]);
  });

  it("is asked for where an entry of a Bundle has nothing else", () => {
    const bundle = { resourceType: "Bundle", type: "collection", entry: [{ fullUrl: "urn:oid:1.2" }] };

    expect(placesOf(bundle)).toEqual(["invariant Bundle.entry[0]"]);
  });
});

describe("the id of a resource", () => {
  it("has 1 to 64 letters, digits, hyphens and dots", () => {
    expect(placesOf({ resourceType: "Patient", id: "a-1.B" })).toEqual([]);
    for (const id of ["", "a_b", "a b", "x".repeat(65), 7, null]) {
      expect(validateResource({ resourceType: "Patient", id })).toMatchObject([{ expression: ["Patient.id"] }]);
    }
  });
});

/** The issues of a Patient that contains these resources. */
function issuesOf(...contained: unknown[]): string[] {
  return placesOf({ resourceType: "Patient", contained });
}

function placesOf(resource: object): string[] {
  return validateResource(resource).map((issue) => `${issue.code} ${issue.expression?.join()}`);
}
