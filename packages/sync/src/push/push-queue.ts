import { type Database, type Reader, sql, type Transaction } from "@tributary/database";
import { type EventRecord, readRecordsAfter } from "@tributary/events";
import { assert } from "@tributary/kernel";
import { readLinkBases } from "../pull/link-base.ts";
import { type GatheredUnit, gatherUnits, type OwnChange } from "./gather-units.ts";
import { historyOf, type RefusalHistory } from "./refusal-history.ts";

/** Log records looked at in one step; what one transaction changed is never torn, however many that are. */
const recordsPerStep = 2_000;

/** A unit that waits for its verdict. */
export interface QueuedUnit {
  readonly counter: number;
  readonly operationId: string;
  readonly changes: GatheredUnit;
  /** Once it may have been sent, its content is fixed: the parent may have taken it. */
  readonly isSent: boolean;
  /** What is known of its refusals, when it is tried again after one. */
  readonly history: RefusalHistory | undefined;
}

/** A unit that the parent refused, with the reason that the parent gave. */
export interface RefusedUnit extends QueuedUnit {
  readonly history: RefusalHistory;
  readonly reason: string;
}

interface QueueRow {
  readonly counter: number;
  readonly operation_id: string;
  readonly changes: string;
  readonly is_sent: 0 | 1;
  readonly rejected_reason: string | null;
  readonly attempts: number;
  readonly first_refused_at: number | null;
  readonly last_refused_at: number | null;
  readonly first_counter: number | null;
}

const readMarker = sql({
  sqlite: "select position, next_counter, incarnation from push_markers where parent = $1",
  postgres: "select position, next_counter, incarnation from push_markers where parent = $1 for update",
});
const putMarker = sql(`
  insert into push_markers (parent, position, next_counter, incarnation) values ($1, $2, $3, $4)
  on conflict (parent) do update set position = excluded.position, next_counter = excluded.next_counter`);
const putUnit = sql(`
  insert into push_units
    (parent, counter, operation_id, changes, is_sent, attempts, first_refused_at, last_refused_at, first_counter)
  values ($1, $2, $3, $4, 0, $5, $6, $7, $8)`);
const columns = `counter, operation_id, changes, is_sent, rejected_reason, attempts, first_refused_at, last_refused_at,
  first_counter`;
const readUnits = sql(`
  select ${columns} from push_units
  where parent = $1 and rejected_reason is null order by counter limit $2`);
const readRefused = sql(`
  select ${columns} from push_units
  where parent = $1 and rejected_reason is not null and coalesce(first_counter, counter) > $2
  order by coalesce(first_counter, counter) limit $3`);
const dropUnsent = sql("delete from push_units where parent = $1 and is_sent = 0 and rejected_reason is null");
const markSent = sql("update push_units set is_sent = 1 where parent = $1 and counter <= $2 and is_sent = 0");
const dropUnit = sql("delete from push_units where parent = $1 and counter = $2");
const rejectUnit = sql(`
  update push_units
  set rejected_reason = $3, attempts = attempts + 1, first_refused_at = coalesce(first_refused_at, $4),
    last_refused_at = $4, first_counter = coalesce(first_counter, counter)
  where parent = $1 and counter = $2`);
const countUnits = sql(`
  select count(*) as waiting, count(rejected_reason) as rejected from push_units where parent = $1`);

/**
 * Takes the node's own changes behind the push marker into the queue of units, in one transaction with the marker's move.
 * Units that have never been sent are made anew with what has come since, so that several edits of a record go as one. A
 * refused unit joins the unit in which one of its records was edited again: what was refused is tried with its new content.
 */
export async function queueOwnChanges(
  database: Database,
  parent: string,
  node: string,
  newIncarnation: () => string,
): Promise<void> {
  while (await database.transaction((tx) => queueStep(tx, parent, node, newIncarnation)));
}

/** Does what `queueOwnChanges` does, all of it within a transaction. */
export async function queueOwnChangesWithin(
  tx: Transaction,
  parent: string,
  node: string,
  newIncarnation: () => string,
): Promise<void> {
  while (await queueStep(tx, parent, node, newIncarnation));
}

interface Marker {
  readonly position: number;
  readonly next_counter: number;
  readonly incarnation: string;
}

async function queueStep(
  tx: Transaction,
  parent: string,
  node: string,
  newIncarnation: () => string,
): Promise<boolean> {
  const marker = (await tx.first<Marker>(readMarker, [parent])) ?? {
    position: 0,
    next_counter: 1,
    incarnation: newIncarnation(),
  };
  const records = wholeTransactions(await readRecordsAfter(tx, marker.position, recordsPerStep));
  const last = records.at(-1);
  if (!last) return false;
  const own = await changesToPush(tx, parent, records);
  const moved = { ...marker, position: last.position };
  await (own.length > 0 ? gatherAnew(tx, parent, node, moved, own) : putMarkerOf(tx, parent, moved));
  return true;
}

/** Makes the unsent units anew, under new names, with further changes and with the refused units that they touch. */
async function gatherAnew(
  tx: Transaction,
  parent: string,
  node: string,
  marker: Marker,
  own: readonly OwnChange[],
): Promise<void> {
  const unsent = (await readQueuedUnits(tx, parent, Number.MAX_SAFE_INTEGER)).filter(({ isSent }) => !isSent);
  const edited = [...unsent.flatMap(({ changes }) => changes), ...own];
  const revived = touching(edited, await readRefusedUnits(tx, parent, 0, Number.MAX_SAFE_INTEGER));
  if (own.length === 0 && revived.length === 0) return;
  await tx.run(dropUnsent, [parent]);
  for (const { counter } of revived) await tx.run(dropUnit, [parent, counter]);
  let counter = marker.next_counter;
  // What was refused comes last, so that it takes the place of the edit that revives it.
  for (const unit of gatherUnits([...edited, ...revived.flatMap(({ changes }) => changes)])) {
    await putQueuedUnit(
      tx,
      parent,
      node,
      { ...marker, next_counter: counter },
      unit,
      historyOf(unit, [...revived, ...unsent]),
    );
    counter += 1;
  }
  await putMarkerOf(tx, parent, { ...marker, next_counter: counter });
}

function touching(edited: readonly OwnChange[], refused: readonly RefusedUnit[]): RefusedUnit[] {
  if (refused.length === 0) return [];
  const names = new Set(edited.map(({ type, id }) => `${type}/${id}`));
  return refused.filter(({ changes }) => changes.some(({ type, id }) => names.has(`${type}/${id}`)));
}

function putMarkerOf(
  tx: Transaction,
  parent: string,
  { position, next_counter, incarnation }: Marker,
): Promise<number> {
  return tx.run(putMarker, [parent, position, next_counter, incarnation]);
}

async function putQueuedUnit(
  tx: Transaction,
  parent: string,
  node: string,
  { next_counter: counter, incarnation }: Marker,
  unit: GatheredUnit,
  history: RefusalHistory | undefined,
): Promise<void> {
  await tx.run(putUnit, [
    parent,
    counter,
    `${node}.${incarnation}:${counter}`,
    JSON.stringify(unit),
    history?.attempts ?? 0,
    history?.firstRefusedAt ?? null,
    history?.lastRefusedAt ?? null,
    history?.firstCounter ?? null,
  ]);
}

/**
 * Puts a refused unit back at the end of the queue, under a new name: the parent keeps its verdict on the old one for
 * ever. What is known of its refusals stays with it.
 */
export async function requeueRefusedUnit(
  tx: Transaction,
  parent: string,
  node: string,
  refused: RefusedUnit,
  changes: GatheredUnit,
): Promise<void> {
  const marker = await tx.first<Marker>(readMarker, [parent]);
  assert(marker !== undefined, "a unit that was refused has been queued before");
  await tx.run(dropUnit, [parent, refused.counter]);
  await putQueuedUnit(tx, parent, node, marker, changes, refused.history);
  await putMarkerOf(tx, parent, { ...marker, next_counter: marker.next_counter + 1 });
}

/** The oldest units that have no verdict yet, those first that may have been sent before. */
export async function readQueuedUnits(reader: Reader, parent: string, limit: number): Promise<QueuedUnit[]> {
  const rows = await reader.all<QueueRow>(readUnits, [parent, limit]);
  return rows.map(unitOf);
}

/** Refused units in the order of the counter under which each was first refused, those behind `after`. */
export async function readRefusedUnits(
  reader: Reader,
  parent: string,
  after: number,
  limit: number,
): Promise<RefusedUnit[]> {
  const rows = await reader.all<QueueRow>(readRefused, [parent, after, limit]);
  return rows.map((row) => ({ ...unitOf(row), history: refusalsOf(row), reason: row.rejected_reason ?? "" }));
}

function unitOf(row: QueueRow): QueuedUnit {
  return {
    counter: row.counter,
    operationId: row.operation_id,
    changes: JSON.parse(row.changes) as GatheredUnit,
    isSent: row.is_sent === 1,
    history: row.attempts > 0 ? refusalsOf(row) : undefined,
  };
}

function refusalsOf(row: QueueRow): RefusalHistory {
  return {
    attempts: row.attempts,
    firstRefusedAt: row.first_refused_at,
    lastRefusedAt: row.last_refused_at,
    firstCounter: row.first_counter ?? row.counter,
  };
}

/**
 * Fixes what some units at the front of the queue contain; done before they are first sent. Tells whether they are still
 * there: another process may have gathered them anew meanwhile, under other names.
 */
export async function fixUnits(tx: Transaction, parent: string, units: readonly QueuedUnit[]): Promise<boolean> {
  await tx.first(readMarker, [parent]);
  const there = await readQueuedUnits(tx, parent, units.length);
  if (units.some(({ operationId }, at) => there[at]?.operationId !== operationId)) return false;
  await tx.run(markSent, [parent, units.at(-1)?.counter ?? 0]);
  return true;
}

export async function dropQueuedUnit(tx: Transaction, parent: string, counter: number): Promise<void> {
  await tx.run(dropUnit, [parent, counter]);
}

/** Keeps a unit that the parent refused, with its reason; it holds nothing else up. */
export async function keepRejectedUnit(
  tx: Transaction,
  parent: string,
  counter: number,
  reason: string,
  now: number,
): Promise<void> {
  await tx.run(rejectUnit, [parent, counter, reason, now]);
}

/** Lets refused units join the queued edits of their records, which were made while they were on their way. */
export async function reviveEditedUnits(tx: Transaction, parent: string, node: string): Promise<void> {
  const marker = await tx.first<Marker>(readMarker, [parent]);
  if (marker) await gatherAnew(tx, parent, node, marker, []);
}

/** How many units wait for a verdict, and how many the parent refused. */
export async function countQueuedUnits(reader: Reader, parent: string): Promise<{ waiting: number; rejected: number }> {
  const row = await reader.first<{ waiting: number; rejected: number }>(countUnits, [parent]);
  return { waiting: (row?.waiting ?? 0) - (row?.rejected ?? 0), rejected: row?.rejected ?? 0 };
}

/**
 * What the parent does not have: every version behind the link's base, wherever it was made. What came from the parent
 * has its base since the transaction that took it in, so it is never among them.
 */
async function changesToPush(
  reader: Reader,
  parent: string,
  records: readonly EventRecord[],
): Promise<readonly OwnChange[]> {
  const changes = records.flatMap(changeOf);
  const bases = await readLinkBases(reader, parent, changes);
  return changes.filter(({ type, id, version }) => version > (bases.get(`${type}/${id}`)?.localVersion ?? 0));
}

/** Events about other things than records, such as conflicts, are no changes to push. */
function changeOf(record: EventRecord): OwnChange[] {
  const { eventType, entityType: type, entityId: id, version, transactionId: transaction } = record;
  if (!eventType?.startsWith("resource.")) return [];
  if (type === null || id === null || version === null || transaction === null) return [];
  return [{ type, id, version, transaction }];
}

/** Leaves out the last transaction when more of it may follow. */
function wholeTransactions(records: readonly EventRecord[]): readonly EventRecord[] {
  if (records.length < recordsPerStep) return records;
  const torn = records.at(-1)!.transactionId;
  const whole = records.filter(({ transactionId }) => transactionId !== torn);
  return whole.length > 0
    ? records.slice(
        0,
        records.findIndex(({ transactionId }) => transactionId === torn),
      )
    : records;
}
