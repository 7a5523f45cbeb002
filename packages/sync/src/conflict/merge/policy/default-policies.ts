import { isJsonObject } from "@tributary/fhir";
import type { Clash, MergePolicy, PolicyRule, StrategyAnswer } from "./merge-policy.ts";

/**
 * What holds where a site has said nothing; everything that is not named here is `merge`. Which value of a contested
 * element is shown is told in `side-to-show.ts`.
 */
export const defaultPolicies: readonly PolicyRule[] = [
  // Written once, amended as a new version. Two hands in one such record are never woven into one statement.
  ...recordsOf("manual", [
    "ClinicalImpression",
    "Composition",
    "DiagnosticReport",
    "DocumentReference",
    "Immunization",
    "MedicationAdministration",
    "Observation",
  ]),
  // What the parent keeps for all its children.
  ...recordsOf("parent-wins", [
    "ActivityDefinition",
    "CodeSystem",
    "ConceptMap",
    "HealthcareService",
    "Library",
    "Location",
    "Medication",
    "NamingSystem",
    "Organization",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Questionnaire",
    "StructureDefinition",
    "ValueSet",
  ]),
  // Plans for today: what reached the parent last is what holds.
  ...["Appointment", "AppointmentResponse", "Schedule", "Slot"].map((type) => ({
    type,
    element: "*",
    policy: "latest-wins" as const,
  })),
  { type: "*", element: "meta.source", policy: "parent-wins" },
  { type: "*", element: "text", policy: keepTheParentsNarrative },
];

/** A narrative made from the data can be made again; one that says more than the data is somebody's words. */
function keepTheParentsNarrative({ mine, theirs }: Clash): StrategyAnswer {
  const isMade = [mine, theirs].every((side) => {
    const text = side?.["text"];
    return !isJsonObject(text) || text["status"] === "generated";
  });
  return isMade && mine !== undefined ? { kind: "take", side: "mine" } : { kind: "merge" };
}

function recordsOf(policy: MergePolicy, types: readonly string[]): PolicyRule[] {
  return types.map((type) => ({ type, policy }));
}
