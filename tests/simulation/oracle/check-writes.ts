import { type Disk, isContestedWhole } from "./disk.ts";
import { type Ledger, type LedgerEntry, tokensIn } from "./ledger.ts";
import { withEffect } from "./trace-effects.ts";
import { Violation } from "./violation.ts";

/**
 * Holds the end of a run against the ledger of what users wrote.
 *
 * - I2: a value that no later write saw is in the record, or a side of a conflict; and every value is in some history.
 * - I3: no record holds a value that nobody wrote there.
 * - I4: a deleted record lives only when somebody revived it who knew of the deletion, or when a conflict says so; and
 *   is gone only when the deletion saw all that was in it, or a conflict keeps the rest.
 *
 * A write whose answer was lost with its node counts when it left something. One that a broken disk took with it is not
 * asked for, and counts when it has come back. Of what a restored parent refuses for good nothing is asked but that.
 */
export function checkWrites(ledger: Ledger, disks: readonly Disk[], refused: ReadonlySet<string> = new Set()): void {
  const root = disks[0]!;
  const everywhere = new Set(disks.flatMap(({ held }) => [...held]));
  for (const record of ledger.records) {
    if (refused.has(record)) continue;
    const all = ledger.of(record);
    const effective = withEffect(all, disks);
    const isAskedFor = ({ isCertain, number }: LedgerEntry) => isCertain && !ledger.lostEntries.has(number);
    const happened = all.filter((entry) => isAskedFor(entry) || effective.has(entry.number));
    const kept = new Set(
      disks.flatMap(({ conflicts }) => (conflicts.get(record) ?? []).flatMap((row) => [...row.tokens])),
    );
    const isPurgedFrom = (node: string) => disks.some((disk) => disk.node === node && disk.purged.has(record));
    const now = new Set([...tokensIn(root.current.get(record) ?? ""), ...kept]);
    checkValues(
      record,
      { now, everywhere, replaced: replacedBy(happened), isPurgedFrom },
      happened.filter(isAskedFor),
      ledger,
    );
    checkDeletions(record, disks, happened, happened.filter(isAskedFor), ledger);
  }
  checkPhantoms(ledger, disks);
}

interface Values {
  /** In the record as the root has it, or a side of a conflict. */
  readonly now: ReadonlySet<string>;
  readonly everywhere: ReadonlySet<string>;
  /** Written over by somebody who saw it. */
  readonly replaced: ReadonlySet<string>;
  /** Whether a node has ever let go of the record, with all its history; it may have come back since. */
  readonly isPurgedFrom: (node: string) => boolean;
}

function replacedBy(entries: readonly LedgerEntry[]): ReadonlySet<string> {
  const replaced = new Set<string>();
  for (const { kind, wrote, saw, replaces } of entries) {
    const isWhole = kind === "delete" || replaces === "all";
    const where = replaces === undefined || replaces === "all" ? [...wrote.keys()] : [replaces];
    for (const token of saw) {
      if (isWhole || where.some((place) => isReplacedIn(token, place) || replaces === place)) replaced.add(token);
    }
  }
  return replaced;
}

function checkValues(
  record: string,
  { now, everywhere, replaced, isPurgedFrom }: Values,
  entries: readonly LedgerEntry[],
  { lostTokens, uncountedTokens }: Ledger,
): void {
  for (const entry of entries) {
    for (const token of entry.wrote.values()) {
      if (lostTokens.has(token)) continue;
      // Of who has left a catchment, what a child wrote over before it told anybody is gone with the rest.
      if (!everywhere.has(token) && !(replaced.has(token) && isPurgedFrom(entry.node)))
        throw new Violation("I2", `${token} of ${record}, written at ${entry.node}, is in no history.`);
      if (replaced.has(token) || now.has(token) || uncountedTokens.has(token)) continue;
      throw new Violation("I2", `${token} of ${record}, written at ${entry.node}, was replaced by nobody who saw it.`);
    }
  }
}

/** An identifier is added to the others; everything else takes the place of what stood there. */
function isReplacedIn(token: string, place: string): boolean {
  return place !== "identifier" && token.startsWith(`${place}-`);
}

function checkDeletions(
  record: string,
  disks: readonly Disk[],
  happened: readonly LedgerEntry[],
  askedFor: readonly LedgerEntry[],
  { uncountedDeletions }: Ledger,
): void {
  const body = disks[0]!.current.get(record);
  if (happened.length === 0 || isContestedWhole(disks, record)) return;
  const deletions = askedFor.filter(({ kind, number }) => kind === "delete" && !uncountedDeletions.has(number));
  const answered = new Set(happened.flatMap(({ sawDeletions }) => [...sawDeletions]));
  const answeredOnes = happened.filter(({ kind, number }) => kind === "delete" && answered.has(number));
  const unanswered = deletions.filter(
    (one) => !answered.has(one.number) && !undoesOwnRevival(one, happened) && !isAlike(one, answeredOnes),
  );
  if (body !== undefined && unanswered.length > 0) {
    throw new Violation(
      "I4",
      `${record} lives, though ${unanswered[0]!.node} deleted it and nobody knew and revived it.`,
    );
  }
  const mayBeDeleted = happened.some(({ kind }) => kind === "delete");
  if (body === undefined && askedFor.length > 0 && !mayBeDeleted) {
    throw new Violation("I2", `${record} is gone, and nobody deleted it.`);
  }
}

/** Two who delete the same apart do it once, and whoever knew of the one and revived it has revived what both deleted. */
function isAlike(deletion: LedgerEntry, others: readonly LedgerEntry[]): boolean {
  return others.some(({ saw }) => [...deletion.saw].every((token) => saw.has(token)));
}

/** Whoever revives a record and deletes it again before anybody heard of it has changed nothing. */
function undoesOwnRevival(deletion: LedgerEntry, entries: readonly LedgerEntry[]): boolean {
  return entries.some(
    ({ kind, node, number, sawDeletions }) =>
      kind === "write" && node === deletion.node && number < deletion.number && sawDeletions.size > 0,
  );
}

function checkPhantoms(ledger: Ledger, disks: readonly Disk[]): void {
  const written = new Map<string, Set<string>>();
  for (const { record, wrote } of ledger.entries) {
    const tokens = written.get(record) ?? new Set();
    for (const token of wrote.values()) tokens.add(token);
    written.set(record, tokens);
  }
  for (const { node, history } of disks) {
    for (const { name, body } of history) {
      for (const token of tokensIn(body ?? "")) {
        if (!written.get(name)?.has(token))
          throw new Violation("I3", `${name} at ${node} has ${token}, which nobody wrote there.`);
      }
    }
  }
}
