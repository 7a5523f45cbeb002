import { refusal } from "../../model/fhir-refusal.ts";
import { alternativeLengthMax, alternativesMax, valueLengthMax } from "../limits.ts";

/**
 * Splits the value of a parameter at its commas; escapes (`\,` `\|` `\$` `\\`) stay for `splitParts` and `withoutEscapes`.
 * Empty alternatives are left out. See https://hl7.org/fhir/R4/search.html#escaping
 */
export function splitAlternatives(name: string, value: string): string[] {
  if (value.length > valueLengthMax) throw tooLong(name, valueLengthMax);
  const alternatives = splitAt(value, ",").filter((alternative) => alternative !== "");
  if (alternatives.length > alternativesMax) {
    throw refusal(400, "too-long", `${name} has more than ${alternativesMax} values; split it into several searches.`);
  }
  if (alternatives.some(({ length }) => length > alternativeLengthMax)) throw tooLong(name, alternativeLengthMax);
  return alternatives;
}

/** Splits one alternative at its bars, and takes the escapes away: `a\|b|c` → `["a|b", "c"]`. */
export function splitParts(alternative: string): string[] {
  return splitAt(alternative, "|").map(withoutEscapes);
}

/** Takes the escapes away. */
export function withoutEscapes(text: string): string {
  return text.includes("\\") ? text.replace(/\\([,|$\\])/g, "$1") : text;
}

function splitAt(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function tooLong(name: string, max: number) {
  return refusal(400, "too-long", `A value of ${name} is longer than ${max} characters.`);
}
