import { type JsonObject, type JsonValue, parseReference } from "@tributary/fhir";

/** References of one record that are looked at; a List or a Bundle of a thousand patients has fewer. */
export const referencesMax = 10_000;

/** What may stand for a letter or a slash of a reference, or of the name of the member that holds it. */
const escapes = /\\[/u]/;
const itsMember = '"reference"';
const itsTarget = /\s*:\s*"([A-Z][A-Za-z]{1,63}\/[A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?"/y;

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

/**
 * The same of a stored text, mostly without parsing it: the pull asks it of every body. Of a text that is no JSON, which a
 * parent may send, it names what can be found.
 */
export function literalReferencesIn(text: string): Set<string> {
  const mayEscape = text.includes("\\");
  const parsed = mayEscape && escapes.test(text) ? parseObject(text) : undefined;
  if (parsed) return literalReferences(parsed);
  const found = new Set<string>();
  // To look for the member first is several times faster than an expression that looks for both.
  for (let at = text.indexOf(itsMember); at >= 0 && found.size < referencesMax; at = text.indexOf(itsMember, at + 1)) {
    if (mayEscape && text[at - 1] === "\\") continue;
    itsTarget.lastIndex = at + itsMember.length;
    const [, name] = itsTarget.exec(text) ?? [];
    if (name !== undefined) found.add(name);
  }
  return found;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function addTarget(found: Set<string>, reference: string): void {
  const target = parseReference(reference);
  if (target) found.add(`${target.type}/${target.id}`);
}
