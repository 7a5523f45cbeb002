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

/** What is known of a unit's refusals, if anything is. */
interface WithHistory {
  readonly changes: GatheredUnit;
  readonly history: RefusalHistory | undefined;
}

/**
 * What gathered units inherit from the units that went into them: the longest known refusal each. Of units that one was
 * torn into only the first inherits it, since it names one place in the list of failures.
 */
export function historiesOf(
  units: readonly GatheredUnit[],
  before: readonly WithHistory[],
): (RefusalHistory | undefined)[] {
  const given = new Set<number>();
  return units.map((unit) => {
    const history = historyOf(unit, before);
    if (history === undefined || given.has(history.firstCounter)) return undefined;
    given.add(history.firstCounter);
    return history;
  });
}

function historyOf(unit: GatheredUnit, before: readonly WithHistory[]): RefusalHistory | undefined {
  const transactions = new Set(unit.map(({ transaction }) => transaction));
  const inherited = before
    .filter(({ changes }) => changes.some(({ transaction }) => transactions.has(transaction)))
    .map(({ history }) => history)
    .filter((history) => history !== undefined);
  return inherited.toSorted((one, other) => one.firstCounter - other.firstCounter)[0];
}
