import { hashText } from "./hash-text.ts";

/** The system of a coding or identifier that has none. */
export const noSystem = 0;
/** The system of a bare `code` or boolean, which its element implies: a search may name it or leave it out. */
export const impliedSystem = 1;

/** Takes one token: the number of its system and its code. */
export type TakeToken = (system: number, code: string) => void;

/** Systems whose numbers are kept in mind at most: a node's records name some dozens, over and over. */
const systemsMax = 1_000;
/** A longer one is none that is met twice. */
const systemLengthMax = 200;
const numbers = new Map<string, number>();

/** The number under which the index knows a system. */
export function systemNumber(system: unknown): number {
  if (typeof system !== "string" || system === "") return noSystem;
  const known = numbers.get(system);
  if (known !== undefined) return known;
  const number = 2 + hashText(system);
  if (numbers.size >= systemsMax) numbers.clear();
  if (system.length <= systemLengthMax) numbers.set(system, number);
  return number;
}

/**
 * Reads the tokens of an element of any type that a token parameter may lead to: code, string, boolean, Coding,
 * CodeableConcept, Identifier and ContactPoint. See https://hl7.org/fhir/R4/search.html#token
 */
export function readTokens(element: unknown, take: TakeToken): void {
  if (typeof element === "string" || typeof element === "boolean") take(impliedSystem, String(element));
  if (typeof element !== "object" || element === null) return;
  const { coding, system, code, value } = element as Record<string, unknown>;
  if (Array.isArray(coding)) {
    for (const item of coding) readTokens(item, take);
  } else if (typeof code === "string") {
    take(systemNumber(system), code);
  } else if (typeof value === "string") {
    take(systemNumber(system), value);
  } else if (typeof system === "string") {
    take(systemNumber(system), "");
  }
}
