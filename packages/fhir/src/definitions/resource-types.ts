import { generatedTable } from "./generated-table.ts";

/** Every resource type of R4 that can be stored, in alphabetical order. See https://hl7.org/fhir/R4/resourcelist.html */
export const resourceTypes: readonly string[] = generatedTable<string[]>("resource-types")();

const known = new Set(resourceTypes);

/** Tells whether a text is the name of an R4 resource type; abstract ones such as `DomainResource` are not. */
export function isResourceType(name: string): boolean {
  return known.has(name);
}
