/**
 * Narrows down, by sending ever smaller parts from the front of the queue, which unit makes requests fail as a whole. One
 * among `n` is found in about log2(n) requests, and those beside it are sent on the way.
 *
 * States: not searching (nothing is suspected) → searching among the first `n` units → one unit is left → found.
 */
export class CulpritSearch {
  /** Units at the front of the queue among which the culprit is; 0 when none is looked for. */
  #suspects = 0;

  get isOn(): boolean {
    return this.#suspects > 0;
  }

  /** How many units to send next: half of those under suspicion, or `usual` when none is. */
  limit(usual: number): number {
    return this.isOn ? Math.min(usual, Math.ceil(this.#suspects / 2)) : usual;
  }

  /** A request with the first so many units failed. */
  failed(units: number): void {
    this.#suspects = units;
  }

  /** The first so many units were answered, and have left the queue. */
  passed(units: number): void {
    this.#suspects = Math.max(0, this.#suspects - units);
  }

  /** The culprit has been put aside. */
  found(): void {
    this.#suspects = 0;
  }
}
