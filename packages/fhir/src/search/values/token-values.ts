import { hashText } from "./hash-text.ts";

/** The system of a coding or identifier that has none. */
export const noSystem = 0;
/** The system of a bare `code` or boolean, which its element implies: a search may name it or leave it out. */
export const impliedSystem = 1;

/** Takes one token: the number of its system and its code. */
export type TakeToken = (system: number, code: string) => void;

/** The number under which the index knows a system. */
export function systemNumber(system: unknown): number {
  return typeof system === "string" && system !== "" ? 2 + hashText(system) : noSystem;
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
