/** How a write ended for the user who made it. */
export type WriteEnding =
  /** Answered as done: it has to be honoured. */
  | "acknowledged"
  /** Not answered: it may have happened. */
  | "unknown";

/** One user's write of one record, as the user sees it. The engine has no part in it. */
export interface Write {
  readonly site: string;
  /** `Type/id`. */
  readonly reference: string;
  readonly kind: "save" | "delete";
  readonly ending: WriteEnding;
  /** The values that nobody else ever writes, and that this write brings in. */
  readonly fresh: readonly string[];
  /** All such values in the body that was written, those of others that it keeps included. */
  readonly written: readonly string[];
  /** What the user saw before: the values of the version that this write replaces, `"deleted"`, or `"nothing"`. */
  readonly saw: readonly string[] | "deleted" | "nothing";
  /** Writes of one transaction share it. */
  readonly transaction: string | undefined;
}

/** What all users did, kept apart from all nodes: what the nodes hold in the end is judged by it. */
export class Ledger {
  readonly writes: Write[] = [];
  readonly #marks: string;
  #last = 0;

  constructor(marks = "tk") {
    this.#marks = marks;
  }

  /** A value that nobody has ever written. */
  freshValue(): string {
    this.#last += 1;
    return `${this.#marks}${this.#last}q`;
  }

  /** The unique values in a text. */
  valuesIn(text: string): string[] {
    return text.match(new RegExp(`${this.#marks}\\d+q`, "g")) ?? [];
  }

  add(write: Write): void {
    this.writes.push(write);
  }

  of(reference: string): readonly Write[] {
    return this.#byReference.get(reference) ?? [];
  }

  get references(): readonly string[] {
    return [...this.#byReference.keys()];
  }

  get #byReference(): Map<string, Write[]> {
    return Map.groupBy(this.writes, ({ reference }) => reference);
  }
}
