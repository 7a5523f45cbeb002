import { hash } from "node:crypto";

/** The SHA-256 of a stored text, in hex: equal on every node that holds the same content. */
export function bodyHashOf(storedText: string): string {
  return hash("sha256", storedText);
}
