/** The parts of a HumanName and of an Address that a string parameter over the whole of it looks at. */
const parts = [
  "family",
  "given",
  "prefix",
  "suffix",
  "line",
  "city",
  "district",
  "state",
  "postalCode",
  "country",
  "text",
];

/**
 * Reads the texts of an element that a string parameter may lead to: any string type, HumanName and Address.
 * See https://hl7.org/fhir/R4/search.html#string
 */
export function readStrings(element: unknown, take: (text: string) => void): void {
  if (typeof element === "string") take(element);
  if (typeof element !== "object" || element === null) return;
  for (const part of parts) {
    const value = (element as Record<string, unknown>)[part];
    if (typeof value === "string") take(value);
    else if (Array.isArray(value)) for (const item of value) if (typeof item === "string") take(item);
  }
}
