import type { JsonValue } from "./json-value.ts";

/** A private-use character that marks a number kept as text; a string that starts with it is marked once more. */
const mark = "\uE000";

/** `JSON.parse` and `JSON.rawJSON` as they are since Node 22; the compiler's library does not know them yet. */
interface SourceJson {
  parse(
    text: string,
    revive: (name: string, value: JsonValue, context: { readonly source?: string }) => JsonValue,
  ): JsonValue;
  rawJSON(text: string): JsonValue;
}

const sourceJson = JSON as unknown as SourceJson;

/**
 * Parses JSON so that `stringifyLossless` writes every number back with the digits it was read with: numbers that
 * JavaScript would write otherwise (`1.00`, `1e3`, `12345678901234567890`) become marked strings. Three times slower
 * than `JSON.parse`; for changing a resource's content only.
 */
export function parseLossless(text: string): JsonValue {
  return sourceJson.parse(text, (_name, value, context) => {
    if (typeof value === "number") {
      return context.source === undefined || context.source === String(value) ? value : mark + context.source;
    }
    return typeof value === "string" && value.startsWith(mark) ? mark + value : value;
  });
}

/** Writes what `parseLossless` read, compactly, every number with its own digits. */
export function stringifyLossless(value: JsonValue): string {
  return JSON.stringify(value, (_name, member: JsonValue) => {
    if (typeof member !== "string" || !member.startsWith(mark)) return member;
    return member.startsWith(mark, 1) ? member.slice(1) : sourceJson.rawJSON(member.slice(1));
  });
}

/** Compares two values of `parseLossless` as RFC 6902 §4.6 does: numbers by their value, objects without order. */
export function equalLossless(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true;
  const [leftNumber, rightNumber] = [asNumber(left), asNumber(right)];
  if (leftNumber !== undefined && rightNumber !== undefined) return leftNumber === rightNumber;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (!left || !right) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => equalLossless(item, right[index]));
  }
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && equalLossless(left[name], right[name]));
}

/** The digits of a number that `parseLossless` read, as they stood in the text; `undefined` for all that is no number. */
export function digitsOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === "number") return String(value);
  const isMarked = typeof value === "string" && value.startsWith(mark) && !value.startsWith(mark, 1);
  return isMarked ? value.slice(1) : undefined;
}

function asNumber(value: JsonValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  const digits = digitsOf(value);
  return digits === undefined ? undefined : Number(digits);
}
