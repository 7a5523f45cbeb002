/** Characters of a reason that are kept: a sentence, and no room for a record's content. */
const reasonCharactersMax = 200;

/** A reason that somebody typed, as one line without control characters, and not longer than what is kept. */
export function plainReason(reason: string): string {
  return reason
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, reasonCharactersMax);
}
