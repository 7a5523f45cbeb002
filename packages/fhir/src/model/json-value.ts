/** A value that `JSON.parse` can return. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** An object that `JSON.parse` can return. */
export interface JsonObject {
  [name: string]: JsonValue | undefined;
}

/** Tells whether a parsed value is an object, not an array and not `null`. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Counts the members of an object and of all objects inside it. */
export function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) count += countMembers(value[index]);
    return count;
  }
  for (const name in value) {
    const member = (value as JsonObject)[name];
    count += typeof member === "object" && member !== null ? 1 + countMembers(member) : 1;
  }
  return count;
}
