/** Where in a record users write; each holds one token, or several. */
export const places = ["name", "address", "telecom", "marital", "note", "identifier"] as const;

export type Place = (typeof places)[number];

/** One write of one user, as the oracle remembers it, apart from everything that the engine knows. */
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
  /** The version that it made at its node, or would have made; `undefined` when the node did not say. */
  readonly version?: number | undefined;
  /** Whether its node had given that version's number before, in a time that a restore or a copy has cut off. */
  readonly isAmbiguous?: boolean;
  /** Whether it marked the record as entered in error. */
  readonly isVoid?: boolean | undefined;
  /** What a decision about a conflict may have replaced; the conflict keeps both sides, and nothing else. */
  readonly replaces?: Place | "all" | undefined;
}

/** Remembers every write that a node acknowledged to its user, and what broken disks took with them. */
export class Ledger {
  readonly entries: LedgerEntry[] = [];
  /** Records, as `Type/id`, that a user created in one transaction. */
  readonly transactions: (readonly string[])[] = [];
  /** References to what had not come to a node yet, when one of its own users made them. */
  readonly #ahead = new Set<string>();
  /** Writes of which nothing was left anywhere when a disk had been replaced by an older copy. */
  readonly lostEntries = new Set<number>();
  /** Values that stood on no other disk. */
  readonly lostTokens = new Set<string>();
  /** Values that only the lost disk still counted: everywhere else they stood in the history alone. */
  readonly uncountedTokens = new Set<string>();
  /** Deletions that only the lost disk still counted. */
  readonly uncountedDeletions = new Set<number>();
  readonly #byRecord = new Map<string, LedgerEntry[]>();
  readonly #versions = new Set<string>();
  readonly #recordOf = new Map<string, string>();
  #tokens = 0;

  get records(): readonly string[] {
    return [...this.#byRecord.keys()];
  }

  noteReferenceAhead(node: string, record: string, target: string): void {
    this.#ahead.add(`${node} ${record} ${target}`);
  }

  /** Whether a node's own user let a record refer to what had not come there. */
  isReferenceAhead(node: string, record: string, target: string): boolean {
    return this.#ahead.has(`${node} ${record} ${target}`);
  }

  newToken(place: Place): string {
    this.#tokens += 1;
    return `${place}-tk${this.#tokens}x`;
  }

  of(record: string): readonly LedgerEntry[] {
    return this.#byRecord.get(record) ?? [];
  }

  /** The record into which a value was written; `undefined` as long as nobody knows whether it was. */
  recordOf(token: string): string | undefined {
    return this.#recordOf.get(token);
  }

  /**
   * Draws the line under a node's death: of writes whose answer was lost with it, its disk tells which were done, before
   * it gives a version's number to anything else.
   */
  settle(node: string, versionsOnDisk: () => ReadonlySet<string>): void {
    const open = this.entries.filter(
      (one) => one.node === node && !one.isCertain && !one.isAmbiguous && one.version !== undefined,
    );
    if (open.length === 0) return;
    const versions = versionsOnDisk();
    for (const entry of open) {
      const made = nameOfVersion(entry)!;
      const isDone = versions.has(made);
      if (!isDone) this.#versions.delete(made);
      const settled = { ...entry, isCertain: isDone, version: isDone ? entry.version : undefined };
      this.entries[entry.number] = settled;
      const others = this.of(entry.record);
      this.#byRecord.set(
        entry.record,
        others.map((one) => (one === entry ? settled : one)),
      );
    }
  }

  note(entry: Omit<LedgerEntry, "number">): void {
    const made = nameOfVersion(entry);
    // After a restore a node gives a version's number once more: what has no name of its own cannot be told apart.
    const isAmbiguous = made !== undefined && this.#versions.has(made) && entry.wrote.size === 0;
    const number = this.entries.length;
    const noted = isAmbiguous ? { ...entry, number, isCertain: false, isAmbiguous } : { ...entry, number };
    if (made !== undefined) this.#versions.add(made);
    this.entries.push(noted);
    for (const token of entry.wrote.values()) this.#recordOf.set(token, entry.record);
    this.#byRecord.set(entry.record, [...this.of(entry.record), noted]);
  }
}

/** The version that an entry made, as disks name it. */
export function nameOfVersion({ record, node, version }: Pick<LedgerEntry, "record" | "node" | "version">) {
  return version === undefined ? undefined : `${record}@${node}:${version}`;
}

const token = /\b(?:name|address|telecom|marital|note|identifier)-tk\d+x\b/g;

/** Every token in a text, wherever it stands. */
export function tokensIn(text: string): Set<string> {
  return new Set(text.match(token) ?? []);
}
