/** Where in a record users write; each holds one token, or several. */
export const places = ["name", "address", "telecom", "marital", "note", "identifier"] as const;

export type Place = (typeof places)[number];

/** One acknowledged write of one user, as the oracle remembers it, apart from everything that the engine knows. */
export interface LedgerEntry {
  readonly number: number;
  readonly node: string;
  readonly record: string;
  readonly kind: "write" | "delete" | "decision";
  /** What it wrote where: unique values that nobody else ever writes. */
  readonly wrote: ReadonlyMap<Place, string>;
  /** What stood in the record when it was written: the user saw these, so replacing them loses nothing. */
  readonly saw: ReadonlySet<string>;
  /** The deletions that the user knew of, by their numbers in the ledger. */
  readonly sawDeletions: ReadonlySet<number>;
  /** Whether the node said that it was done; when it died while answering, nobody knows. */
  readonly isCertain: boolean;
  /** What a decision about a conflict may have replaced; the conflict keeps both sides, and nothing else. */
  readonly replaces?: Place | "all" | undefined;
}

/** Remembers every write that a node acknowledged to its user. */
export class Ledger {
  readonly entries: LedgerEntry[] = [];
  readonly #byRecord = new Map<string, LedgerEntry[]>();
  #tokens = 0;

  get records(): readonly string[] {
    return [...this.#byRecord.keys()];
  }

  newToken(place: Place): string {
    this.#tokens += 1;
    return `${place}-tk${this.#tokens}x`;
  }

  of(record: string): readonly LedgerEntry[] {
    return this.#byRecord.get(record) ?? [];
  }

  /** Lets go of certainty about writes that are nowhere but on a disk that has been replaced by an older copy. */
  forgive(isLost: (entry: LedgerEntry) => boolean): void {
    for (const [number, entry] of this.entries.entries()) {
      if (!entry.isCertain || !isLost(entry)) continue;
      const forgiven = { ...entry, isCertain: false };
      this.entries[number] = forgiven;
      this.#byRecord.set(
        entry.record,
        this.of(entry.record).map((one) => (one === entry ? forgiven : one)),
      );
    }
  }

  note(entry: Omit<LedgerEntry, "number">): void {
    const noted = { ...entry, number: this.entries.length };
    this.entries.push(noted);
    this.#byRecord.set(entry.record, [...this.of(entry.record), noted]);
  }
}

const token = /\b(?:name|address|telecom|marital|note|identifier)-tk\d+x\b/g;

/** Every token in a text, wherever it stands. */
export function tokensIn(text: string): Set<string> {
  return new Set(text.match(token) ?? []);
}
