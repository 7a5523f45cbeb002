import { type Disk, isContestedWhole } from "./disk.ts";
import type { Ledger } from "./ledger.ts";
import { withEffect } from "./trace-effects.ts";

/**
 * Draws the consequences of a disk that was replaced by an older copy, from all disks before and after: what stands on none
 * of them any more cannot be asked for, and what does can be, exactly.
 */
export function noteLosses(ledger: Ledger, before: readonly Disk[], after: readonly Disk[]): void {
  const held = union(after.map((disk) => disk.held));
  const [countedBefore, counted] = [
    union(before.map((disk) => disk.counted)),
    union(after.map((disk) => disk.counted)),
  ];
  for (const record of ledger.records) {
    const entries = ledger.of(record);
    const effective = withEffect(entries, after);
    const isUncounted = countsAsDeleted(before, record) && !countsAsDeleted(after, record);
    for (const { number, kind, wrote } of entries) {
      if (!effective.has(number)) ledger.lostEntries.add(number);
      if (kind === "delete" && isUncounted) ledger.uncountedDeletions.add(number);
      for (const token of wrote.values()) {
        if (!held.has(token)) ledger.lostTokens.add(token);
        else if (countedBefore.has(token) && !counted.has(token)) ledger.uncountedTokens.add(token);
      }
    }
  }
}

/** Whether a record is deleted on some disk, or a conflict says that somebody wanted it to be. */
function countsAsDeleted(disks: readonly Disk[], record: string): boolean {
  return (
    isContestedWhole(disks, record) ||
    disks.some(({ current }) => current.has(record) && current.get(record) === undefined)
  );
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
