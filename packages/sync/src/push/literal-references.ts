import { type JsonObject, type JsonValue, parseReference } from "@tributary/fhir";

/** References of one record that are looked at; a List or a Bundle of a thousand patients has fewer. */
export const referencesMax = 10_000;

/**
 * The records that a resource refers to, `Type/id`, each once: literal references only. Contained resources (`#x`),
 * absolute URLs, `urn:` and conditional references are none of them, a reference to one version counts for its record.
 */
export function literalReferences(resource: JsonObject): Set<string> {
  const found = new Set<string>();
  const open: JsonValue[] = [resource];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === "object") open.push(item);
      continue;
    }
    for (const name in value) {
      const member: JsonValue | undefined = (value as JsonObject)[name];
      if (typeof member === "object") open.push(member);
      else if (name === "reference" && typeof member === "string") addTarget(found, member);
    }
    if (found.size >= referencesMax) break;
  }
  return found;
}

function addTarget(found: Set<string>, reference: string): void {
  const target = parseReference(reference);
  if (target) found.add(`${target.type}/${target.id}`);
}
