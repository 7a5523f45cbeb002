import { refusal } from "./fhir-refusal.ts";
import { measureJson } from "./json-text.ts";
import { countMembers, isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";
import { nestingDepthMax } from "./limits.ts";

/**
 * Parses the text of one resource, or of Parameters and the like.
 *
 * Throws a refusal (400) when the text is empty, is no JSON, nests too deep, repeats a member's name, or is no object
 * with a `resourceType`.
 */
export function parseResource(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw refusal(400, "structure", "The body is not a JSON object; a resource is one.");
  if (typeof value["resourceType"] !== "string") {
    throw refusal(400, "structure", "The body has no `resourceType`, so it is no resource.");
  }
  return value;
}

/** Parses a JSON text under the same limits as a resource. Throws a refusal (400) as `parseResource` does. */
export function parseJson(text: string): JsonValue {
  if (text.trim() === "") throw refusal(400, "structure", "The request has no body.");
  const { members, depth } = measureJson(text);
  refuseTooDeep(depth);
  const value = parseText(text);
  if (countMembers(value) !== members) throw repeatedName();
  return value;
}

/** Parses JSON and turns a syntax error into a refusal (400); the caller has checked depth and repeated names. */
export function parseText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw refusal(400, "structure", "The body is no valid JSON.");
  }
}

/** Throws a refusal (400) when objects and arrays stand more than `nestingDepthMax` deep inside each other. */
export function refuseTooDeep(depth: number): void {
  if (depth > nestingDepthMax) {
    throw refusal(400, "too-costly", `The body nests ${depth} levels deep; at most ${nestingDepthMax} are read.`);
  }
}

/** The refusal of an object that has two members of one name: which of them counts would be a guess. */
export function repeatedName() {
  return refusal(400, "structure", "The body has an object in which a member's name is repeated.");
}
