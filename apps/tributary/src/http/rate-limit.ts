/** How much somebody may ask: so many requests at once, and so many in each second after that. */
export interface Rate {
  readonly atOnce: number;
  readonly perSecond: number;
}

/** Callers that are remembered; with more all are forgotten, and have their full measure again. */
const callersMax = 10_000;

/**
 * Measures how much each caller asks: a bucket that every request takes one drop from, and that fills again as time goes by.
 * Bounded memory; forgotten with a restart.
 */
export class RateLimit {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Counts one request of a caller, and tells how long they have to wait for it; 0 when it may be served. */
  waitMs(caller: string, now: number): number {
    const { atOnce, perSecond } = this.#rate;
    const known = this.#buckets.get(caller) ?? { left: atOnce, at: now };
    const left = Math.min(atOnce, known.left + (Math.max(0, now - known.at) / 1000) * perSecond);
    if (left < 1) return Math.ceil(((1 - left) / perSecond) * 1000);
    if (this.#buckets.size >= callersMax && !this.#buckets.has(caller)) this.#buckets.clear();
    this.#buckets.set(caller, { left: left - 1, at: now });
    return 0;
  }
}
