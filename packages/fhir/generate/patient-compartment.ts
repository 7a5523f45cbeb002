import type { CompartmentDefinition } from "@medplum/fhirtypes";

/** For each type that can belong to a patient: the search parameters that say to whom, as the definition orders them. */
export function makePatientCompartment(definition: CompartmentDefinition): Record<string, readonly string[]> {
  const byType: Record<string, readonly string[]> = {};
  for (const { code, param } of definition.resource ?? []) {
    if (param) byType[code!] = param;
  }
  return Object.fromEntries(Object.entries(byType).sort((a, b) => (a[0] < b[0] ? -1 : 1)));
}
