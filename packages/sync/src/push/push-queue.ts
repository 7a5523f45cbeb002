import { type Database, type Reader, sql, type Transaction } from "@tributary/database";
import { type EventRecord, readRecordsAfter } from "@tributary/events";
import { type GatheredUnit, gatherUnits, type OwnChange } from "./gather-units.ts";

/** Log records looked at in one step; what one transaction changed is never torn, however many that are. */
const recordsPerStep = 2_000;

/** A unit that waits for its verdict. */
export interface QueuedUnit {
  readonly counter: number;
  readonly operationId: string;
  readonly changes: GatheredUnit;
  /** Once it may have been sent, its content is fixed: the parent may have taken it. */
  readonly isSent: boolean;
}

interface QueueRow {
  readonly counter: number;
  readonly operation_id: string;
  readonly changes: string;
  readonly is_sent: 0 | 1;
}

const readMarker = sql({
  sqlite: "select position, next_counter, incarnation from push_markers where parent = $1",
  postgres: "select position, next_counter, incarnation from push_markers where parent = $1 for update",
});
const putMarker = sql(`
  insert into push_markers (parent, position, next_counter, incarnation) values ($1, $2, $3, $4)
  on conflict (parent) do update set position = excluded.position, next_counter = excluded.next_counter`);
const putUnit = sql(
  "insert into push_units (parent, counter, operation_id, changes, is_sent) values ($1, $2, $3, $4, 0)",
);
const readUnits = sql(`
  select counter, operation_id, changes, is_sent from push_units
  where parent = $1 and rejected_reason is null order by counter limit $2`);
const dropUnsent = sql("delete from push_units where parent = $1 and is_sent = 0 and rejected_reason is null");
const markSent = sql("update push_units set is_sent = 1 where parent = $1 and counter <= $2 and is_sent = 0");
const dropUnit = sql("delete from push_units where parent = $1 and counter = $2");
const rejectUnit = sql("update push_units set rejected_reason = $3 where parent = $1 and counter = $2");
const countUnits = sql(`
  select count(*) as waiting, count(rejected_reason) as rejected from push_units where parent = $1`);

/**
 * Takes the node's own changes behind the push marker into the queue of units, in one transaction with the marker's move.
 * Units that have never been sent are made anew with what has come since, so that several edits of a record go as one.
 */
export async function queueOwnChanges(
  database: Database,
  parent: string,
  node: string,
  newIncarnation: () => string,
): Promise<void> {
  while (await database.transaction((tx) => queueStep(tx, parent, node, newIncarnation)));
}

async function queueStep(
  tx: Transaction,
  parent: string,
  node: string,
  newIncarnation: () => string,
): Promise<boolean> {
  const marker = await tx.first<{ position: number; next_counter: number; incarnation: string }>(readMarker, [parent]);
  const position = marker?.position ?? 0;
  const records = wholeTransactions(await readRecordsAfter(tx, position, recordsPerStep));
  const last = records.at(-1);
  if (!last) return false;
  const own = records.flatMap((record) => ownChange(record, node));
  const incarnation = marker?.incarnation ?? newIncarnation();
  let counter = marker?.next_counter ?? 1;
  if (own.length > 0) {
    const unsent = (await readQueuedUnits(tx, parent, Number.MAX_SAFE_INTEGER)).filter(({ isSent }) => !isSent);
    await tx.run(dropUnsent, [parent]);
    for (const unit of gatherUnits([...unsent.flatMap(({ changes }) => changes), ...own])) {
      await tx.run(putUnit, [parent, counter, `${node}.${incarnation}:${counter}`, JSON.stringify(unit)]);
      counter += 1;
    }
  }
  await tx.run(putMarker, [parent, last.position, counter, incarnation]);
  return true;
}

/** The oldest units that have no verdict yet, those first that may have been sent before. */
export async function readQueuedUnits(reader: Reader, parent: string, limit: number): Promise<QueuedUnit[]> {
  const rows = await reader.all<QueueRow>(readUnits, [parent, limit]);
  return rows.map((row) => ({
    counter: row.counter,
    operationId: row.operation_id,
    changes: JSON.parse(row.changes) as GatheredUnit,
    isSent: row.is_sent === 1,
  }));
}

/** Fixes what the units up to a counter contain; done before they are first sent. */
export async function fixUnits(tx: Transaction, parent: string, throughCounter: number): Promise<void> {
  await tx.run(markSent, [parent, throughCounter]);
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
): Promise<void> {
  await tx.run(rejectUnit, [parent, counter, reason]);
}

/** How many units wait for a verdict, and how many the parent refused. */
export async function countQueuedUnits(reader: Reader, parent: string): Promise<{ waiting: number; rejected: number }> {
  const row = await reader.first<{ waiting: number; rejected: number }>(countUnits, [parent]);
  return { waiting: (row?.waiting ?? 0) - (row?.rejected ?? 0), rejected: row?.rejected ?? 0 };
}

function ownChange(record: EventRecord, node: string): OwnChange[] {
  const { entityType: type, entityId: id, version, originNode, transactionId: transaction } = record;
  if (originNode !== node || type === null || id === null || version === null || transaction === null) return [];
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
