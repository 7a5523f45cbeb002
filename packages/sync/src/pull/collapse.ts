import type { StreamEntry } from "../stream/stream-entry.ts";

/** What a stretch comes to for one record. */
export interface CollapsedEntry extends StreamEntry {
  /** Those with the same number belong together: they become durable in one transaction, or not at all. */
  readonly group?: number;
  /** The node that wrote the first version, when that is in the stretch. */
  readonly firstWriter?: string;
}

/**
 * Keeps the last entry of each record: an entry says what changed, not how, so N changes of one record need one fetch.
 * Records that were changed in one transaction are a group, and so are groups that have a record in common. Groups stand
 * in the order of their first changes, and so do the records of one group: what was there before comes before.
 *
 * Of the movements of a patient into the catchment and out of it the last one counts too, apart from the changes.
 *
 * `collapse([A1, B1, A2]) // [A2, B1]`
 */
export function collapse(entries: readonly StreamEntry[]): CollapsedEntry[] {
  const last = new Map<string, StreamEntry>();
  const firstWriters = new Map<string, string>();
  const groups = new Groups();
  for (const entry of entries) {
    const key = `${entry.movement ? "movement of " : ""}${entry.type}/${entry.id}`;
    last.set(key, entry);
    if (entry.version === 1 && entry.originNode !== null) firstWriters.set(key, entry.originNode);
    groups.add(key, entry.transaction);
  }
  const members = new Map<number, CollapsedEntry[]>();
  for (const [key, entry] of last) {
    const group = groups.of(key);
    const firstWriter = firstWriters.get(key);
    const kept = firstWriter === undefined ? { ...entry, group } : { ...entry, group, firstWriter };
    const others = members.get(group);
    if (others) others.push(kept);
    else members.set(group, [kept]);
  }
  return [...members.values()].flat();
}

/** Records joined by the transactions in which they were changed. */
class Groups {
  readonly #parent: number[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #ofTransaction = new Map<string, number>();

  add(key: string, transaction: string | null): void {
    const own = this.#numbers.get(key) ?? this.#parent.push(this.#parent.length) - 1;
    this.#numbers.set(key, own);
    if (transaction === null) return;
    const other = this.#ofTransaction.get(transaction);
    if (other === undefined) this.#ofTransaction.set(transaction, own);
    else this.#parent[this.#root(own)] = this.#root(other);
  }

  of(key: string): number {
    return this.#root(this.#numbers.get(key)!);
  }

  #root(number: number): number {
    let root = number;
    while (this.#parent[root] !== root) {
      this.#parent[root] = this.#parent[this.#parent[root]!]!;
      root = this.#parent[root]!;
    }
    return root;
  }
}
