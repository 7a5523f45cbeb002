import type { StreamEntry } from "../stream/stream-entry.ts";

/**
 * How many of the gathered entries may be dealt with before those that follow: as many as stand before the first one
 * whose transaction goes on among them. Transactions that were made at the same time may lie across one another.
 */
export function wholeTransactions(gathered: readonly StreamEntry[], following: readonly StreamEntry[]): number {
  const goingOn = new Set(following.map(({ transaction }) => transaction));
  goingOn.delete(null);
  const first = gathered.findIndex(({ transaction }) => goingOn.has(transaction));
  return first < 0 ? gathered.length : first;
}
