import type { FinalState } from "./final-state.ts";
import { type Ledger, type LedgerEntry, tokensIn } from "./ledger.ts";
import { Violation } from "./violation.ts";

/**
 * Holds the end of a run against the ledger of what users wrote.
 *
 * - I2: a value that no later write saw is in the record, or a side of a conflict; and every value is in some history.
 * - I3: no record holds a value that nobody wrote there.
 * - I4: a deleted record lives only when somebody revived it who knew of the deletion, or when a conflict says so; and
 *   is gone only when the deletion saw all that was in it, or a conflict keeps the rest.
 */
export function checkWrites(ledger: Ledger, states: readonly FinalState[]): void {
  const root = states[0]!;
  const everyBody = tokensIn(states.flatMap(({ history }) => history.map(({ body }) => body ?? "")).join("\n"));
  for (const record of ledger.records) {
    const body = root.current.get(record);
    const kept = new Set(
      states.flatMap(({ conflicts }) => (conflicts.get(record) ?? []).flatMap((row) => [...row.tokens])),
    );
    const entries = ledger
      .of(record)
      .filter((entry) => entry.isCertain || entry.kind !== "write" || hasHappened(entry, everyBody));
    checkValues(record, body, kept, entries, everyBody);
    checkDeletions(record, body, states, entries);
  }
  checkPhantoms(ledger, states);
}

/** A write whose answer was lost with its node has happened if its values are anywhere; a deletion may have. */
function hasHappened(entry: LedgerEntry, everyBody: ReadonlySet<string>): boolean {
  return [...entry.wrote.values()].some((token) => everyBody.has(token));
}

function checkValues(
  record: string,
  body: string | undefined,
  kept: ReadonlySet<string>,
  entries: readonly LedgerEntry[],
  everyBody: ReadonlySet<string>,
): void {
  const now = tokensIn(body ?? "");
  const replaced = new Set<string>();
  for (const { kind, wrote, saw, replaces } of entries) {
    const isWhole = kind === "delete" || replaces === "all";
    const where = replaces === undefined || replaces === "all" ? [...wrote.keys()] : [replaces];
    for (const token of saw) {
      if (isWhole || where.some((place) => isReplacedIn(token, place) || replaces === place)) replaced.add(token);
    }
  }
  for (const entry of entries) {
    for (const token of entry.wrote.values()) {
      if (!everyBody.has(token))
        throw new Violation("I2", `${token} of ${record}, written at ${entry.node}, is in no history.`);
      if (replaced.has(token) || now.has(token) || kept.has(token)) continue;
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
  body: string | undefined,
  states: readonly FinalState[],
  entries: readonly LedgerEntry[],
): void {
  const type = record.split("/", 1)[0]!;
  if (entries.length === 0) return;
  const isContested = states.some(({ conflicts }) => conflicts.get(record)?.some(({ path }) => path === type));
  if (isContested) return;
  const deletions = entries.filter(({ kind, isCertain }) => kind === "delete" && isCertain);
  const answered = new Set(entries.flatMap(({ sawDeletions }) => [...sawDeletions]));
  const unanswered = deletions.filter((one) => !answered.has(one.number) && !undoesOwnRevival(one, entries));
  if (body !== undefined && unanswered.length > 0) {
    throw new Violation(
      "I4",
      `${record} lives, though ${unanswered[0]!.node} deleted it and nobody knew and revived it.`,
    );
  }
  const mayBeDeleted = entries.some(({ kind }) => kind === "delete");
  if (body === undefined && !mayBeDeleted) throw new Violation("I2", `${record} is gone, and nobody deleted it.`);
}

/** Whoever revives a record and deletes it again before anybody heard of it has changed nothing. */
function undoesOwnRevival(deletion: LedgerEntry, entries: readonly LedgerEntry[]): boolean {
  return entries.some(
    ({ kind, node, number, sawDeletions }) =>
      kind === "write" && node === deletion.node && number < deletion.number && sawDeletions.size > 0,
  );
}

function checkPhantoms(ledger: Ledger, states: readonly FinalState[]): void {
  const written = new Map<string, Set<string>>();
  for (const { record, wrote } of ledger.entries) {
    const tokens = written.get(record) ?? new Set();
    for (const token of wrote.values()) tokens.add(token);
    written.set(record, tokens);
  }
  for (const { node, history } of states) {
    for (const { name, body } of history) {
      for (const token of tokensIn(body ?? "")) {
        if (!written.get(name)?.has(token))
          throw new Violation("I3", `${name} at ${node} has ${token}, which nobody wrote there.`);
      }
    }
  }
}
