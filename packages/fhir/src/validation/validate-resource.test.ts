import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { sampleResources } from "../../testing/sample-resources.ts";
import { validateResource } from "./validate-resource.ts";
import { issuesMax } from "./validation-run.ts";

describe("a valid resource has no issues", () => {
  for (const [name, make] of Object.entries(sampleResources)) {
    it(name, () => {
      expect(validateResource(make())).toEqual([]);
    });
  }

  const sampleFolder = join(import.meta.dirname, "..", "..", "..", "..", "..", "shared", "data", "synthea-r4");
  if (existsSync(sampleFolder)) {
    it("in all records of the synthetic patients", () => {
      const resources = readdirSync(sampleFolder)
        .filter((file) => file.endsWith(".gz"))
        .map((file) => JSON.parse(gunzipSync(readFileSync(join(sampleFolder, file))).toString()) as Bundle)
        .flatMap((bundle) => bundle.entry.map((entry) => entry.resource));

      expect(resources.length).toBeGreaterThan(1_000);
      expect(resources.flatMap((resource) => validateResource(resource))).toEqual([]);
    });
  }
});

describe("an issue", () => {
  it("says in a sentence what is wrong and where", () => {
    const issues = validateResource({ resourceType: "Patient", name: [{ given: ["Amina", 7] }], gender: "fem" });

    expect(issues).toEqual([
      {
        severity: "error",
        code: "structure",
        diagnostics: "Patient.name[0].given[1] must be a JSON string.",
        expression: ["Patient.name[0].given[1]"],
      },
      {
        severity: "error",
        code: "code-invalid",
        diagnostics: "Patient.gender must be one of female, male, other, unknown and not fem.",
        expression: ["Patient.gender"],
      },
    ]);
  });

  it("names a choice by its type", () => {
    const issues = validateResource({ resourceType: "Patient", deceasedDateTime: "yesterday" });

    expect(issues[0]?.expression).toEqual(["Patient.deceased.ofType(dateTime)"]);
  });

  it("is one of a limited number", () => {
    const given = Array.from({ length: 10_000 }, () => 7);

    const issues = validateResource({ resourceType: "Patient", name: [{ given }] });

    expect(issues).toHaveLength(issuesMax + 1);
    expect(issues.at(-1)?.severity).toBe("information");
  });
});

describe("what is no resource is refused", () => {
  it("when it is no JSON object", () => {
    for (const value of [null, undefined, "Patient", 1, true, [], [{ resourceType: "Patient" }]]) {
      expect(validateResource(value)).toMatchObject([{ code: "structure", expression: ["Resource"] }]);
    }
  });

  it("when it has no type, or none of R4", () => {
    expect(validateResource({})).toMatchObject([{ code: "required", expression: ["Resource.resourceType"] }]);
    for (const resourceType of ["Patients", "DomainResource", "HumanName", "", 7, null, "__proto__"]) {
      expect(validateResource({ resourceType })).toMatchObject([{ code: "structure" }]);
    }
  });

  it("when it is of another type than the one that is expected", () => {
    const patient = { resourceType: "Patient" };

    expect(validateResource(patient, { expectedType: "Patient" })).toEqual([]);
    expect(validateResource(patient, { expectedType: "Observation" })).toMatchObject([{ code: "invalid" }]);
  });
});

interface Bundle {
  readonly entry: readonly { readonly resource: unknown }[];
}
