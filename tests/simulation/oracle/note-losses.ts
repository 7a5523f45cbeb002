import { type Disk, isContestedWhole } from "./disk.ts";
import { type Ledger, tokensIn } from "./ledger.ts";
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
        else if (countedBefore.has(token) && (!counted.has(token) || hasLostItsConflict(token, record, before, after)))
          ledger.uncountedTokens.add(token);
      }
    }
  }
}

/**
 * Draws the consequences of what children of a restored parent let go of when its time was over: what only they still had
 * cannot be asked for.
 */
export function notePurges(ledger: Ledger, disks: readonly Disk[], hasRestoredParent: (node: string) => boolean): void {
  const held = union(disks.map((disk) => disk.held));
  const purged = union(disks.filter(({ node }) => hasRestoredParent(node)).map((disk) => disk.purged));
  for (const record of ledger.records) {
    if (!purged.has(record)) continue;
    const entries = ledger.of(record);
    const effective = withEffect(entries, disks);
    const isDeleted = countsAsDeleted(disks, record);
    for (const { number, kind, wrote } of entries) {
      // A deletion that came back from a child stands under that child's name.
      if (!effective.has(number) && !(kind === "delete" && isDeleted)) ledger.lostEntries.add(number);
      for (const token of wrote.values()) if (!held.has(token)) ledger.lostTokens.add(token);
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

/**
 * Whether a value gave way in a conflict of which no disk knows any more, though some histories have gone on without it:
 * who still shows it has only not heard of that yet.
 */
function hasLostItsConflict(token: string, record: string, before: readonly Disk[], after: readonly Disk[]): boolean {
  const isContested = (disks: readonly Disk[]) =>
    disks.some(({ conflicts }) => conflicts.get(record)?.some(({ tokens }) => tokens.has(token)));
  if (!isContested(before) || isContested(after)) return false;
  return after.some(({ history }) => {
    const versions = history.filter(({ name }) => name === record);
    const last = versions.findLastIndex(({ body }) => tokensIn(body ?? "").has(token));
    return last >= 0 && last < versions.length - 1;
  });
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
