/** What an invariant was held against, and every place where it does not hold, as a sentence. */
export interface Finding {
  /** As the design names it: `I2`. */
  readonly invariant: string;
  readonly promise: string;
  readonly checked: number;
  readonly broken: readonly string[];
}

/** Gathers what one oracle finds. */
export class Findings {
  readonly #invariant: string;
  readonly #promise: string;
  readonly #broken: string[] = [];
  #checked = 0;

  constructor(invariant: string, promise: string) {
    this.#invariant = invariant;
    this.#promise = promise;
  }

  /** Counts a check, and keeps its sentence if it does not hold. */
  expect(holds: boolean, otherwise: () => string): void {
    this.#checked += 1;
    if (!holds) this.#broken.push(otherwise());
  }

  get finding(): Finding {
    return { invariant: this.#invariant, promise: this.#promise, checked: this.#checked, broken: this.#broken };
  }
}
