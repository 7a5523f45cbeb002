import { elementTable } from "@tributary/fhir";

/**
 * What is never mixed from two sides. A data type is taken whole: a name, an address, a period, a quantity, a coding, a
 * reference, a dosage; and so is the value of an element with a choice of types. A resource, and an element that has
 * elements of its own, is merged member by member. This file holds the exceptions.
 */

/** Data types whose members are merged one by one all the same. */
export const memberwiseDataTypes: ReadonlySet<string> = new Set(["Meta"]);

/** Lists that are one answer and not a collection: two of them added together would say what nobody said. */
export const atomicLists: ReadonlySet<string> = new Set(["QuestionnaireResponse.item.answer"]);

/** Elements of one object that mean something only together, so that one side's go with one side's. */
const coupled: Readonly<Record<string, readonly (readonly string[])[]>> = {
  AllergyIntolerance: [["clinicalStatus", "verificationStatus"]],
  Appointment: [["start", "end", "minutesDuration", "slot", "requestedPeriod"]],
  Condition: [["clinicalStatus", "verificationStatus", "abatement"]],
  Consent: [["status", "scope", "policyRule", "provision"]],
  MedicationAdministration: [["medication", "dosage"]],
  MedicationDispense: [["medication", "quantity", "daysSupply", "dosageInstruction"]],
  MedicationRequest: [["medication", "doNotPerform", "dosageInstruction"]],
  MedicationStatement: [["medication", "dosage"]],
  Observation: [["value", "dataAbsentReason"]],
  "Observation.component": [["value", "dataAbsentReason"]],
  ServiceRequest: [["code", "doNotPerform", "orderDetail", "quantity"]],
  Slot: [["status", "start", "end", "overbooked"]],
};

/** A status goes with its reason wherever a type has both. */
const statusAndReason = ["status", "statusReason"];

/** The groups of elements of a type that belong together. */
export function coupledElements(typeName: string): readonly (readonly string[])[] {
  const named = coupled[typeName] ?? [];
  const elements = elementTable(typeName)?.elements ?? [];
  const hasBoth = statusAndReason.every((name) => elements.some((element) => element.name === name));
  return hasBoth ? [statusAndReason, ...named] : named;
}
