import { bulkInsert, type Database, type Reader, sql, type Transaction } from "@tributary/database";
import { type EventRecord, readRecordsAfter } from "@tributary/events";
import { type JsonObject, readCurrentVersions } from "@tributary/fhir";
import { assert } from "@tributary/kernel";
import type { FailureClass } from "../failures/failure-class.ts";
import { readLinkBases } from "../pull/link-base.ts";
import { type GatheredUnit, gatherUnits, type OwnChange, orderUnits } from "./gather-units.ts";
import { literalReferences } from "./literal-references.ts";
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
  /** What is known of its failures, when it is tried again after one. */
  readonly history: RefusalHistory | undefined;
}

/** How a unit that failed stands: refused by the parent, parked there, or stepped over since the parent gave no verdict. */
export type FailedState = "refused" | "parked" | "stepped-over";

/** A unit that failed, and waits. */
export interface FailedUnit extends QueuedUnit {
  readonly state: FailedState;
  readonly class: FailureClass;
  readonly history: RefusalHistory;
  /** Why the parent refused it; empty when it did not. */
  readonly reason: string;
  /** The records, `Type/id`, for which a parked unit waits. */
  readonly missing: readonly string[];
  /** When it is asked about, or sent, again; `null` for the next round, or never when it was refused. */
  readonly nextAttemptAt: number | null;
  /** The two programs' versions by which it was refused. */
  readonly judgedBy: string | null;
  /** Somebody has given it up; it is only still to be taken back from the parent. */
  readonly isDiscarded: boolean;
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
  readonly parked_missing: string | null;
  readonly next_attempt_at: number | null;
  readonly failure_class: string | null;
  readonly judged_by: string | null;
  readonly is_discarded: 0 | 1;
}

const readMarker = sql({
  sqlite: "select position, next_counter, incarnation from push_markers where parent = $1",
  postgres: "select position, next_counter, incarnation from push_markers where parent = $1 for update",
});
const readPosition = sql("select position from push_markers where parent = $1");
const addMarker = sql(`
  insert into push_markers (parent, position, next_counter, incarnation) values ($1, 0, 1, $2)
  on conflict (parent) do nothing`);
const putMarker = sql(`
  insert into push_markers (parent, position, next_counter, incarnation) values ($1, $2, $3, $4)
  on conflict (parent) do update set position = excluded.position, next_counter = excluded.next_counter`);
const putUnits = bulkInsert("push_units", {
  parent: "text",
  counter: "bigint",
  operation_id: "text",
  changes: "text",
  is_sent: "integer",
  attempts: "integer",
  first_refused_at: "bigint",
  last_refused_at: "bigint",
  first_counter: "bigint",
});
const columns = `counter, operation_id, changes, is_sent, rejected_reason, attempts, first_refused_at, last_refused_at,
  first_counter, parked_missing, next_attempt_at, failure_class, judged_by, is_discarded`;
const readUnits = sql(`
  select ${columns} from push_units
  where parent = $1 and failure_class is null and counter > $2 order by counter limit $3`);
const readFailed = sql(`
  select ${columns} from push_units
  where parent = $1 and failure_class is not null and is_discarded = 0 and coalesce(first_counter, counter) > $2
  order by coalesce(first_counter, counter) limit $3`);
const readHeld = sql(`
  select ${columns} from push_units
  where parent = $1 and failure_class is not null and rejected_reason is null order by counter`);
const dropUnsent = sql("delete from push_units where parent = $1 and is_sent = 0 and failure_class is null");
const markSent = sql({
  sqlite: `update push_units set is_sent = 1
           where parent = $1 and is_sent = 0 and counter in (select value from json_each($2))`,
  postgres: `update push_units set is_sent = 1
             where parent = $1 and is_sent = 0
               and counter in (select value::bigint from json_array_elements_text($2::json) k (value))`,
});
const findThere = sql({
  sqlite: `select operation_id from push_units
           where parent = $1 and operation_id in (select value from json_each($2))`,
  postgres: `select operation_id from push_units
             where parent = $1 and operation_id in (select value from json_array_elements_text($2::json) k (value))`,
});
const dropUnit = sql("delete from push_units where parent = $1 and counter = $2");
const failUnit = sql(`
  update push_units
  set failure_class = $3, rejected_reason = $4, parked_missing = $5, next_attempt_at = $6, judged_by = $7,
    attempts = attempts + 1, first_refused_at = coalesce(first_refused_at, $8), last_refused_at = $8,
    first_counter = coalesce(first_counter, counter)
  where parent = $1 and counter = $2`);
const makeDue = sql("update push_units set next_attempt_at = null where parent = $1 and counter = $2");
const markDiscarded = sql("update push_units set is_discarded = 1 where parent = $1 and counter = $2");
const sendAgain = sql(`
  update push_units set failure_class = null, parked_missing = null, next_attempt_at = null
  where parent = $1 and counter = $2`);
const countUnits = sql(`
  select
    sum(case when failure_class is null then 1 else 0 end) as waiting,
    sum(case when rejected_reason is not null then 1 else 0 end) as rejected,
    sum(case when parked_missing is not null and is_discarded = 0 then 1 else 0 end) as parked,
    sum(case when failure_class is not null and rejected_reason is null and parked_missing is null and is_discarded = 0
      then 1 else 0 end) as delayed,
    sum(is_discarded) as discarded
  from push_units where parent = $1`);

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

/** Queues versions that stand here to be sent, whoever made them and whenever, as further changes. */
export async function queueAgain(
  tx: Transaction,
  parent: string,
  node: string,
  changes: readonly OwnChange[],
  newIncarnation: () => string,
): Promise<void> {
  await queueOwnChangesWithin(tx, parent, node, newIncarnation);
  const marker = (await tx.first<Marker>(readMarker, [parent])) ?? (await beginQueue(tx, parent, newIncarnation()));
  await gatherAnew(tx, parent, node, marker, changes);
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
  const marker = (await tx.first<Marker>(readMarker, [parent])) ?? (await beginQueue(tx, parent, newIncarnation()));
  const records = wholeTransactions(await readRecordsAfter(tx, marker.position, recordsPerStep));
  const last = records.at(-1);
  if (!last) return false;
  const own = await withReferences(tx, await changesToPush(tx, parent, records));
  const moved = { ...marker, position: last.position };
  await (own.length > 0 ? gatherAnew(tx, parent, node, moved, own) : putMarkerOf(tx, parent, moved));
  return true;
}

/** Makes the marker before the first push. Of two programs that do so at once the later one waits, and gets the other's. */
async function beginQueue(tx: Transaction, parent: string, incarnation: string): Promise<Marker> {
  await tx.run(addMarker, [parent, incarnation]);
  const marker = await tx.first<Marker>(readMarker, [parent]);
  assert(marker !== undefined, "the marker has just been made");
  return marker;
}

/** Makes the unsent units anew, under new names, with further changes and with the refused units that they touch. */
async function gatherAnew(
  tx: Transaction,
  parent: string,
  node: string,
  marker: Marker,
  own: readonly OwnChange[],
  takenBack: readonly FailedUnit[] = [],
): Promise<void> {
  const unsent = (await readQueuedUnits(tx, parent, Number.MAX_SAFE_INTEGER)).filter(({ isSent }) => !isSent);
  const edited = [...unsent.flatMap(({ changes }) => changes), ...own];
  const failed = await readFailedUnits(tx, parent, 0, Number.MAX_SAFE_INTEGER);
  const refused = failed.filter(({ state }) => state === "refused");
  const revived = [...takenBack, ...touching(edited, refused)];
  if (own.length === 0 && revived.length === 0) return;
  await tx.run(dropUnsent, [parent]);
  for (const { counter } of revived) await tx.run(dropUnit, [parent, counter]);
  // What failed comes last, so that it takes the place of the edit that revives it.
  const gathered = orderUnits(gatherUnits([...edited, ...revived.flatMap(({ changes }) => changes)]));
  await putQueuedUnits(
    tx,
    parent,
    node,
    marker,
    gathered.map((changes) => ({ changes, history: historyOf(changes, [...revived, ...unsent]) })),
  );
  await putMarkerOf(tx, parent, { ...marker, next_counter: marker.next_counter + gathered.length });
}

function touching(edited: readonly OwnChange[], refused: readonly FailedUnit[]): FailedUnit[] {
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

async function putQueuedUnits(
  tx: Transaction,
  parent: string,
  node: string,
  { next_counter: first, incarnation }: Marker,
  units: readonly { readonly changes: GatheredUnit; readonly history: RefusalHistory | undefined }[],
): Promise<void> {
  await putUnits(
    tx,
    units.map(({ changes, history }, at) => [
      parent,
      first + at,
      `${node}.${incarnation}:${first + at}`,
      JSON.stringify(changes),
      0,
      history?.attempts ?? 0,
      history?.firstRefusedAt ?? null,
      history?.lastRefusedAt ?? null,
      history?.firstCounter ?? null,
    ]),
  );
}

/**
 * Puts a refused unit back at the end of the queue, under a new name: the parent keeps its verdict on the old one for
 * ever. What is known of its refusals stays with it.
 */
export async function requeueRefusedUnit(
  tx: Transaction,
  parent: string,
  node: string,
  refused: FailedUnit,
  changes: GatheredUnit,
): Promise<void> {
  const marker = await tx.first<Marker>(readMarker, [parent]);
  assert(marker !== undefined, "a unit that was refused has been queued before");
  await tx.run(dropUnit, [parent, refused.counter]);
  await putQueuedUnits(tx, parent, node, marker, [{ changes, history: refused.history }]);
  await putMarkerOf(tx, parent, { ...marker, next_counter: marker.next_counter + 1 });
}

/** Queues records as they are now, a unit each, though the parent is thought to have them. */
export async function offerRecords(
  tx: Transaction,
  parent: string,
  node: string,
  changes: readonly OwnChange[],
): Promise<void> {
  const marker = await tx.first<Marker>(readMarker, [parent]);
  assert(marker !== undefined || changes.length === 0, "a node that has records has queued its changes before");
  if (!marker) return;
  const units = (await withReferences(tx, changes)).map((change) => ({ changes: [change], history: undefined }));
  await putQueuedUnits(tx, parent, node, marker, units);
  await putMarkerOf(tx, parent, { ...marker, next_counter: marker.next_counter + units.length });
}

/** The changes that the next push will queue, in the order in which they were made. It takes nothing into the queue. */
export async function readChangesToQueue(reader: Reader, parent: string): Promise<OwnChange[]> {
  const changes: OwnChange[] = [];
  let position = (await reader.first<{ position: number }>(readPosition, [parent]))?.position ?? 0;
  for (;;) {
    const records = await readRecordsAfter(reader, position, recordsPerStep);
    changes.push(...(await changesToPush(reader, parent, records)));
    if (records.length < recordsPerStep) return changes;
    position = records.at(-1)!.position;
  }
}

/** The oldest units that have no verdict yet and have not failed, behind a counter. */
export async function readQueuedUnits(reader: Reader, parent: string, limit: number, after = 0): Promise<QueuedUnit[]> {
  const rows = await reader.all<QueueRow>(readUnits, [parent, after, limit]);
  return rows.map(unitOf);
}

/** Units that failed, in the order of the counter under which each failed first, those behind `after`. */
export async function readFailedUnits(
  reader: Reader,
  parent: string,
  after: number,
  limit: number,
): Promise<FailedUnit[]> {
  return (await reader.all<QueueRow>(readFailed, [parent, after, limit])).map(failedUnitOf);
}

/** The units whose records wait with them: parked, stepped over, or still to be taken back. In the order of the queue. */
export async function readHeldUnits(reader: Reader, parent: string): Promise<FailedUnit[]> {
  return (await reader.all<QueueRow>(readHeld, [parent])).map(failedUnitOf);
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

function failedUnitOf(row: QueueRow): FailedUnit {
  return {
    ...unitOf(row),
    state: row.rejected_reason !== null ? "refused" : row.parked_missing !== null ? "parked" : "stepped-over",
    class: (row.failure_class ?? "invalid") as FailureClass,
    history: refusalsOf(row),
    reason: row.rejected_reason ?? "",
    missing: JSON.parse(row.parked_missing ?? "[]") as string[],
    nextAttemptAt: row.next_attempt_at,
    judgedBy: row.judged_by,
    isDiscarded: row.is_discarded === 1,
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

/** Of some units those, by name, that are still there, and that no other program settles before this transaction ends. */
export async function lockUnits(
  tx: Transaction,
  parent: string,
  units: readonly QueuedUnit[],
): Promise<ReadonlySet<string>> {
  await tx.first(readMarker, [parent]);
  const names = JSON.stringify(units.map(({ operationId }) => operationId));
  const rows = await tx.all<{ operation_id: string }>(findThere, [parent, names]);
  return new Set(rows.map(({ operation_id }) => operation_id));
}

/**
 * Fixes what some units contain; done before they are first sent. Tells whether they are still there: another process may
 * have gathered them anew meanwhile, under other names.
 */
export async function fixUnits(tx: Transaction, parent: string, units: readonly QueuedUnit[]): Promise<boolean> {
  if ((await lockUnits(tx, parent, units)).size !== units.length) return false;
  await tx.run(markSent, [parent, JSON.stringify(units.map(({ counter }) => counter))]);
  return true;
}

export async function dropQueuedUnit(tx: Transaction, parent: string, counter: number): Promise<void> {
  await tx.run(dropUnit, [parent, counter]);
}

/** What is kept of a failure. */
export interface UnitFailure {
  readonly class: FailureClass;
  readonly now: number;
  /** Why the parent refused it. */
  readonly reason?: string;
  /** What a parked unit waits for. */
  readonly missing?: readonly string[];
  readonly nextAttemptAt?: number | null;
  readonly judgedBy?: string | null;
}

/** Keeps a unit that failed, with what is known of it; it holds nothing up but edits of its own records. */
export async function keepFailedUnit(
  tx: Transaction,
  parent: string,
  counter: number,
  { class: failureClass, now, reason, missing, nextAttemptAt, judgedBy }: UnitFailure,
): Promise<void> {
  await tx.run(failUnit, [
    parent,
    counter,
    failureClass,
    reason ?? null,
    missing ? JSON.stringify(missing) : null,
    nextAttemptAt ?? null,
    judgedBy ?? null,
    now,
  ]);
}

/** Has a parked unit asked about, or one that was stepped over sent, in the next round. */
export async function makeUnitDue(tx: Transaction, parent: string, counter: number): Promise<void> {
  await tx.run(makeDue, [parent, counter]);
}

/** Gives up a unit that the parent may have: it is taken back there before it is forgotten here. */
export async function discardHeldUnit(tx: Transaction, parent: string, counter: number): Promise<void> {
  await tx.run(markDiscarded, [parent, counter]);
}

/** Has a unit that the parent knows nothing of sent again, under its name. */
export async function sendUnitAgain(tx: Transaction, parent: string, counter: number): Promise<void> {
  await tx.run(sendAgain, [parent, counter]);
}

/** Makes units that the parent has given back anew, with the edits of their records; what was given up is forgotten. */
export async function gatherTakenBack(
  tx: Transaction,
  parent: string,
  node: string,
  units: readonly FailedUnit[],
): Promise<void> {
  const marker = await tx.first<Marker>(readMarker, [parent]);
  assert(marker !== undefined, "a unit that was taken back has been queued before");
  for (const { counter } of units) await tx.run(dropUnit, [parent, counter]);
  const kept = units.filter(({ isDiscarded }) => !isDiscarded);
  if (kept.length > 0) await gatherAnew(tx, parent, node, marker, [], kept);
}

/** Lets refused units join the queued edits of their records, which were made while they were on their way. */
export async function reviveEditedUnits(tx: Transaction, parent: string, node: string): Promise<void> {
  const marker = await tx.first<Marker>(readMarker, [parent]);
  if (marker) await gatherAnew(tx, parent, node, marker, []);
}

/** How many units wait, and for what. */
export interface QueueCounts {
  /** Without a verdict. */
  readonly waiting: number;
  readonly rejected: number;
  readonly parked: number;
  /** Stepped over; sent again after a while. */
  readonly delayed: number;
  /** Given up here and still to be taken back from the parent. */
  readonly discarded: number;
}

export async function countQueuedUnits(reader: Reader, parent: string): Promise<QueueCounts> {
  const row = await reader.first<{ [Count in keyof QueueCounts]: number | string | null }>(countUnits, [parent]);
  const count = (name: keyof QueueCounts): number => Number(row?.[name] ?? 0);
  return {
    waiting: count("waiting"),
    rejected: count("rejected"),
    parked: count("parked"),
    delayed: count("delayed"),
    discarded: count("discarded"),
  };
}

/** Notes with each change what it refers to, so that units can be put in order without their content. */
async function withReferences(reader: Reader, changes: readonly OwnChange[]): Promise<readonly OwnChange[]> {
  const current = await readCurrentVersions(reader, changes);
  return changes.map((change) => {
    const stored = current.get(`${change.type}/${change.id}`);
    if (stored?.body === undefined || stored.version !== change.version) return change;
    const refersTo = literalReferences(JSON.parse(stored.body) as JsonObject);
    return refersTo.size === 0 ? change : { ...change, refersTo: [...refersTo] };
  });
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
