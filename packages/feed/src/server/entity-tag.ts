import { createHash } from "node:crypto";

/** Makes a strong entity tag of whatever decides a document's bytes. */
export function entityTag(...parts: readonly (string | number | boolean)[]): string {
  return `"${createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 27)}"`;
}

/**
 * Tells whether an `If-None-Match` header names the tag: a list, a wildcard, and weak tags included, which compare by
 * their value (RFC 9110 §8.8.3.2, §13.1.2). A header that is no list of tags matches nothing.
 */
export function namesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  const value = tag.replace(/^W\//, "");
  return [...header.matchAll(/(?:W\/)?("[^"]*")/g)].some(([, named]) => named === value);
}
