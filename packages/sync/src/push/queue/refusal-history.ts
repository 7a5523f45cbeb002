import type { GatheredUnit } from "./gather-units.ts";

/** What is known of a unit that the parent has refused at least once; it stays with the unit when it is tried again. */
export interface RefusalHistory {
  readonly attempts: number;
  /** Milliseconds since 1970; `null` when it was refused before that was kept. */
  readonly firstRefusedAt: number | null;
  readonly lastRefusedAt: number | null;
  /** The counter under which it was first refused: its name in the list of failures, which no retry changes. */
  readonly firstCounter: number;
}

/** What a gathered unit inherits from the units that went into it: the longest known refusal. */
export function historyOf(
  unit: GatheredUnit,
  before: readonly { readonly changes: GatheredUnit; readonly history: RefusalHistory | undefined }[],
): RefusalHistory | undefined {
  const transactions = new Set(unit.map(({ transaction }) => transaction));
  const inherited = before
    .filter(({ changes }) => changes.some(({ transaction }) => transactions.has(transaction)))
    .map(({ history }) => history)
    .filter((history) => history !== undefined);
  return inherited.toSorted((one, other) => one.firstCounter - other.firstCounter)[0];
}
