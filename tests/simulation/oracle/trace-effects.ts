import type { Disk } from "./disk.ts";
import { type LedgerEntry, nameOfVersion } from "./ledger.ts";

/**
 * Which of a record's writes have left something on some disks: their version, one of their values, or a later write
 * whose user saw them, and which has left something itself.
 */
export function withEffect(entries: readonly LedgerEntry[], disks: readonly Disk[]): ReadonlySet<number> {
  const there = new Set<number>();
  const follow = (entry: LedgerEntry) => {
    if (there.has(entry.number)) return;
    there.add(entry.number);
    for (const earlier of entries) {
      const isSeen = [...earlier.wrote.values()].some((token) => entry.saw.has(token));
      if (isSeen || entry.sawDeletions.has(earlier.number)) follow(earlier);
    }
  };
  for (const entry of entries) if (isOnDisk(entry, disks)) follow(entry);
  return there;
}

function isOnDisk(entry: LedgerEntry, disks: readonly Disk[]): boolean {
  const made = nameOfVersion(entry);
  return disks.some(
    ({ versions, held }) =>
      (made !== undefined && versions.has(made)) || [...entry.wrote.values()].some((token) => held.has(token)),
  );
}
