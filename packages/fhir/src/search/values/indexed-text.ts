import { hashText } from "./hash-text.ts";

/** The longest text that an index keeps whole: PostgreSQL takes 2,700 bytes in one index row, and a character up to 4. */
export const indexedTextMax = 200;

/** A text that is compared as a whole, as the index keeps it: a longer one ends in a number that stands for all of it. */
export function indexedKey(text: string): string {
  const clean = withoutNul(text);
  return clean.length <= indexedTextMax ? clean : `${clean.slice(0, indexedTextMax - 20)}\u2026${hashText(clean)}`;
}

/** The beginning of a text that is compared by its beginning, as the index keeps it. */
export function indexedBeginning(text: string): string {
  return withoutNul(text).slice(0, indexedTextMax);
}

/** PostgreSQL's text cannot hold U+0000, which JSON can. */
function withoutNul(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "") : text;
}
