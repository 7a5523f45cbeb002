/** One thing that is wrong, or worth knowing. See https://hl7.org/fhir/R4/operationoutcome.html */
export interface Issue {
  readonly severity: "fatal" | "error" | "warning" | "information";
  /** A code of https://hl7.org/fhir/R4/valueset-issue-type.html */
  readonly code: string;
  /** A full sentence for the person who reads it. */
  readonly diagnostics: string;
  /** FHIRPath-like places in the resource, `Patient.name[0].given`. */
  readonly expression?: readonly string[];
}

/** Writes issues as the text of an OperationOutcome; without any it says that all is well. */
export function operationOutcome(issues: readonly Issue[]): string {
  return JSON.stringify({ resourceType: "OperationOutcome", issue: issues.length > 0 ? issues : [allWell] });
}

/** Tells whether any of the issues stands in the way. */
export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some(({ severity }) => severity === "error" || severity === "fatal");
}

const allWell: Issue = { severity: "information", code: "informational", diagnostics: "All is well." };
