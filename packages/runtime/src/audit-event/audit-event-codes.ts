import type { AuditChange, AuditEntry, AuditFilter } from "@tributary/audit";

/** The system of the project's own words for what was done: `local-write`, `pull`, `merge` … */
export const operationSystem = "urn:tributary:audit-operation";
export const userSystem = "urn:tributary:user";
export const nodeSystem = "urn:tributary:node";
const interactionSystem = "http://hl7.org/fhir/restful-interaction";

/** One code with its name. */
export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

/** Something done to a record, and something done to the node itself. */
export const eventTypes = {
  record: {
    system: "http://terminology.hl7.org/CodeSystem/audit-event-type",
    code: "rest",
    display: "RESTful Operation",
  },
  node: { system: "http://dicom.nema.org/resources/ontology/DCM", code: "110100", display: "Application Activity" },
} as const satisfies Record<string, Coding>;

/** FHIR's codes of how an event ended, and the endings that each stands for; all others are a success. */
export const failureOutcomes = {
  "4": [{ outcome: "parked" }],
  "8": [{ outcome: "rejected", isOfRecord: true }],
  "12": [{ outcome: "rejected", isOfRecord: false }],
} as const satisfies Record<string, readonly AuditFilter[]>;

/** Every ending that is no success. */
export const failures: readonly string[] = [
  ...new Set(Object.values(failureOutcomes).flatMap((filters) => filters.map(({ outcome }) => outcome))),
];

/** FHIR's code for how an entry ended. */
export function outcomeCodeOf({ outcome, reference }: AuditEntry): "0" | "4" | "8" | "12" {
  if (outcome === "parked") return "4";
  if (outcome === "rejected") return reference === null ? "12" : "8";
  return "0";
}

/** What became of the record. */
export function changeOf({ versionBefore, versionAfter, outcome }: AuditEntry): AuditChange {
  if (versionAfter === null || versionAfter === versionBefore) return "none";
  if (outcome === "deleted") return "delete";
  return versionBefore === null ? "create" : "update";
}

/** FHIR's codes of what became of a record. */
export const actionCodes = { C: "create", U: "update", D: "delete", E: "none" } as const satisfies Record<
  string,
  AuditChange
>;

/** FHIR's code for an entry's action. */
export function actionCodeOf(entry: AuditEntry): keyof typeof actionCodes {
  return ({ create: "C", update: "U", delete: "D", none: "E" } as const)[changeOf(entry)];
}

/** What was done, in FHIR's words where it has one, and in the project's. */
export function subtypesOf(entry: AuditEntry): Coding[] {
  const change = changeOf(entry);
  const own = { system: operationSystem, code: entry.operation, display: entry.operation };
  return change === "none" ? [own] : [{ system: interactionSystem, code: change, display: change }, own];
}
