/**
 * Records of patients whom a child is not known to have had, and of which it may tell wrongly what they were, in a day: one
 * that really had them is mistaken about next to none.
 */
export const wrongGuessesMax = 100;

const dayMs = 24 * 3_600_000;
/** Children whose guesses are counted at a time; more than any parent has. */
const childrenMax = 10_000;

/**
 * Counts what children tell wrongly of records, so that none of them finds out by trying what a record was. In memory alone:
 * a parent that is started anew counts anew, which no child can bring about, and what was told wrongly before stands in the
 * audit trail as a refusal.
 */
export class WrongGuesses {
  readonly #counts = new Map<string, { readonly since: number; guesses: number }>();

  /** Adds to what a child has told wrongly; whether it may still be answered. */
  mayGo(child: string, guesses: number, now: number): boolean {
    if (this.#counts.size >= childrenMax) this.#counts.clear();
    const known = this.#counts.get(child);
    const count = known && Math.abs(now - known.since) < dayMs ? known : { since: now, guesses: 0 };
    count.guesses += guesses;
    this.#counts.set(child, count);
    return count.guesses <= wrongGuessesMax;
  }
}
