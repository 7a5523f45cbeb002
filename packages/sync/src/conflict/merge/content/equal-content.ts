import { digitsOf, type JsonObject, type JsonValue } from "@tributary/fhir";
import { canonicalDecimal } from "./decimal.ts";
import { canonicalNarrative } from "./narrative.ts";

/**
 * Tells whether two values of `parseLossless` say the same: objects without regard to order, decimals by value and
 * precision, narrative without regard to white space. Absent equals only absent. It stops at the first difference and
 * at what is the same object.
 */
export function equalContent(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object") return equalNumbers(left, right);
  if (left === null || right === null) return false;
  if (Array.isArray(left)) return Array.isArray(right) && equalLists(left, right);
  return !Array.isArray(right) && equalObjects(left, right);
}

function equalLists(left: readonly JsonValue[], right: readonly JsonValue[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (!equalContent(left[index], right[index])) return false;
  }
  return true;
}

function equalObjects(left: JsonObject, right: JsonObject): boolean {
  let balance = 0;
  for (const name in left) {
    if (!Object.hasOwn(right, name)) return false;
    const [one, other] = [left[name], right[name]];
    if (!equalContent(one, other) && !(name === "div" && equalNarratives(one, other))) return false;
    balance += 1;
  }
  for (const _name in right) balance -= 1;
  return balance === 0;
}

function equalNumbers(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  const leftDigits = digitsOf(left);
  if (leftDigits === undefined) return false;
  const rightDigits = digitsOf(right);
  return rightDigits !== undefined && canonicalDecimal(leftDigits) === canonicalDecimal(rightDigits);
}

function equalNarratives(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (typeof left !== "string" || typeof right !== "string") return false;
  return canonicalNarrative(left) === canonicalNarrative(right);
}
