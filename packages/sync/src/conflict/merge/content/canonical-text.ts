import { digitsOf, type JsonValue } from "@tributary/fhir";
import { canonicalDecimal } from "./decimal.ts";
import { canonicalNarrative } from "./narrative.ts";

/** A text that two values share exactly when `equalContent` calls them equal. */
export function canonicalText(value: JsonValue | undefined): string {
  if (typeof value === "string" || typeof value === "number") {
    const digits = digitsOf(value);
    return digits === undefined ? JSON.stringify(value) : canonicalDecimal(digits);
  }
  if (typeof value !== "object" || value === null) return String(value);
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text += `${canonicalText(item)},`;
    return `[${text}]`;
  }
  for (const name of Object.keys(value).sort()) text += `${JSON.stringify(name)}:${memberText(name, value[name])},`;
  return `{${text}}`;
}

/** Eight hexadecimal digits that stand for a content where a person reads: short, the same everywhere, no secret. */
export function contentHash(value: JsonValue | undefined): string {
  // FNV-1a, 32 bit.
  let hash = 0x811c9dc5;
  for (const character of canonicalText(value)) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function memberText(name: string, value: JsonValue | undefined): string {
  const isNarrative = name === "div" && typeof value === "string" && digitsOf(value) === undefined;
  return canonicalText(isNarrative ? canonicalNarrative(value) : value);
}
