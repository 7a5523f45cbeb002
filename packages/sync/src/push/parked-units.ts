import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";
import type { ResourceKey } from "@tributary/fhir";
import { counterOf } from "./operation-name.ts";
import { parsePushBatch, writePushBatch } from "./push-batch.ts";
import type { PushedRecord, PushUnit } from "./push-unit.ts";
import { tellsUnborn } from "./unborn-records.ts";

/** Units of one child that are kept at once; a child with more has lost something that they all refer to. */
export const parkedUnitsMax = 10_000;
/** Bytes of them, as they were sent. */
export const parkedBytesMax = 256 * 1024 * 1024;

/** A unit that waits at the parent for what it refers to. */
export interface ParkedUnit {
  readonly node: string;
  readonly unit: PushUnit;
}

interface Named {
  readonly operation_id: string;
}

const countOfNode = sql("select count(*) as units, coalesce(sum(bytes), 0) as bytes from parked_units where node = $1");
const putUnit = sql(`
  insert into parked_units (operation_id, node, counter, unit, bytes, parked_at) values ($1, $2, $3, $4, $5, $6)`);
const putMissing = bulkInsert(
  "parked_missing",
  { type: "text", id: "text", operation_id: "text" },
  "on conflict (type, id, operation_id) do nothing",
);
const putRecords = bulkInsert("parked_records", { node: "text", type: "text", id: "text", operation_id: "text" });
const lockOne = sql({
  sqlite: "select node, unit from parked_units where operation_id = $1",
  postgres: "select node, unit from parked_units where operation_id = $1 for update",
});
const dropMissing = sql("delete from parked_missing where operation_id = $1");
const dropRecords = sql("delete from parked_records where operation_id = $1");
const dropUnit = sql("delete from parked_units where operation_id = $1");
const readWaits = sql({
  sqlite: `
    select missing.operation_id, missing.type, missing.id, unit.node
    from json_each($1) k
    cross join parked_missing missing on missing.operation_id = k.value
    join parked_units unit on unit.operation_id = missing.operation_id`,
  postgres: `
    select missing.operation_id, missing.type, missing.id, unit.node
    from parked_missing missing join parked_units unit on unit.operation_id = missing.operation_id
    where missing.operation_id in (select value from json_array_elements_text($1::json) k (value))`,
});
const readMissing = sql(
  "select distinct type, id from parked_missing where (type, id) > ($1, $2) order by type, id limit $3",
);
const findWaiting = sql({
  sqlite: `
    select distinct unit.operation_id, unit.parked_at, unit.counter
    from json_each($1) k
    cross join parked_missing missing on missing.type = k.value ->> 0 and missing.id = k.value ->> 1
    join parked_units unit on unit.operation_id = missing.operation_id
    order by unit.parked_at, unit.counter`,
  postgres: `
    select distinct unit.operation_id, unit.parked_at, unit.counter
    from json_array_elements($1::json) k (value)
    join parked_missing missing on missing.type = k.value ->> 0 and missing.id = k.value ->> 1
    join parked_units unit on unit.operation_id = missing.operation_id
    order by unit.parked_at, unit.counter`,
});
const findHolders = sql({
  sqlite: `
    select record.type, record.id, record.operation_id
    from json_each($1) k
    cross join parked_records record on record.type = k.value ->> 0 and record.id = k.value ->> 1`,
  postgres: `
    select record.type, record.id, record.operation_id
    from json_array_elements($1::json) k (value)
    join parked_records record on record.type = k.value ->> 0 and record.id = k.value ->> 1`,
});
const findBefore = sql({
  sqlite: `
    select distinct k.value ->> 2 as operation, missing.type, missing.id
    from json_each($2) k
    cross join parked_records record
      on record.node = $1 and record.type = k.value ->> 0 and record.id = k.value ->> 1
    join parked_units earlier on earlier.operation_id = record.operation_id and earlier.counter < k.value ->> 3
      and substr(earlier.operation_id, 1, length(k.value ->> 4)) = k.value ->> 4
    join parked_missing missing on missing.operation_id = record.operation_id`,
  postgres: `
    select distinct k.value ->> 2 as operation, missing.type, missing.id
    from json_array_elements($2::json) k (value)
    join parked_records record on record.node = $1 and record.type = k.value ->> 0 and record.id = k.value ->> 1
    join parked_units earlier
      on earlier.operation_id = record.operation_id and earlier.counter < (k.value ->> 3)::bigint
      and substr(earlier.operation_id, 1, length(k.value ->> 4)) = k.value ->> 4
    join parked_missing missing on missing.operation_id = record.operation_id`,
});

/** Keeps a unit until what it refers to is there. Tells whether there was room for it. */
export async function parkUnit(
  tx: Transaction,
  { node, unit }: ParkedUnit,
  missing: readonly string[],
  now: number,
): Promise<boolean> {
  const text = writePushBatch([unit]);
  const bytes = Buffer.byteLength(text);
  const kept = await tx.first<{ units: number; bytes: number }>(countOfNode, [node]);
  if ((kept?.units ?? 0) >= parkedUnitsMax || Number(kept?.bytes ?? 0) + bytes > parkedBytesMax) return false;
  const { operationId } = unit;
  await tx.run(putUnit, [operationId, node, counterOf(operationId), text, bytes, now]);
  await putRecords(
    tx,
    changedBy(unit).map(({ type, id }) => [node, type, id, operationId]),
  );
  await waitFor(tx, operationId, missing);
  return true;
}

/** Notes what a parked unit waits for from now on. */
export async function waitFor(tx: Transaction, operationId: string, missing: readonly string[]): Promise<void> {
  await tx.run(dropMissing, [operationId]);
  await putMissing(
    tx,
    missing.map((name) => [...partsOf(name), operationId]),
  );
}

/** A parked unit that nobody else can take up before this transaction ends; `undefined` when it is not parked any more. */
export async function takeUpParkedUnit(tx: Transaction, operationId: string): Promise<ParkedUnit | undefined> {
  const row = await tx.first<{ node: string; unit: string }>(lockOne, [operationId]);
  const unit = row && parsePushBatch(row.unit).units[0];
  return row && unit && { node: row.node, unit };
}

/** Lets a unit go that waits no more. */
export async function dropParkedUnit(tx: Transaction, operationId: string): Promise<void> {
  for (const drop of [dropMissing, dropRecords, dropUnit]) await tx.run(drop, [operationId]);
}

/** The units that wait for any of some records, `Type/id`, in the order in which they were parked. */
export async function findUnitsWaitingFor(reader: Reader, names: Iterable<string>): Promise<string[]> {
  const rows = await reader.all<Named>(findWaiting, [JSON.stringify([...names].map(partsOf))]);
  return rows.map(({ operation_id }) => operation_id);
}

/** A record that a parked unit waits for. */
export interface Wait extends ResourceKey {
  readonly operationId: string;
  /** The child that sent the unit. */
  readonly node: string;
}

/** What some units wait for; of those that are not parked, nothing. */
export async function readWaitsOf(reader: Reader, operationIds: readonly string[]): Promise<Wait[]> {
  const rows = await reader.all<Named & ResourceKey & { node: string }>(readWaits, [JSON.stringify(operationIds)]);
  return rows.map(({ operation_id, type, id, node }) => ({ operationId: operation_id, type, id, node }));
}

/** The parked units, of whatever child, that contain some records; by `Type/id`. */
export async function findHoldersOf(
  reader: Reader,
  names: Iterable<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await reader.all<Named & ResourceKey>(findHolders, [JSON.stringify([...names].map(partsOf))]);
  const holders = Map.groupBy(rows, ({ type, id }) => `${type}/${id}`);
  return new Map([...holders].map(([name, found]) => [name, found.map(({ operation_id }) => operation_id)]));
}

/**
 * What earlier units of a child wait for that contain a record of some units, by the operation of those. Units of another
 * incarnation are not earlier: the child may have been put back to before it made them, and then nobody mends them.
 */
export async function findEarlierWaits(
  reader: Reader,
  node: string,
  units: readonly PushUnit[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const keys = units.flatMap((unit) =>
    changedBy(unit).map(({ type, id }) => [
      type,
      id,
      unit.operationId,
      counterOf(unit.operationId),
      incarnationIn(unit.operationId),
    ]),
  );
  if (keys.length === 0) return new Map();
  const rows = await reader.all<{ operation: string; type: string; id: string }>(findBefore, [
    node,
    JSON.stringify(keys),
  ]);
  const waits = Map.groupBy(rows, ({ operation }) => operation);
  return new Map([...waits].map(([operation, found]) => [operation, found.map(({ type, id }) => `${type}/${id}`)]));
}

/** What the names of all operations of one incarnation begin with. */
function incarnationIn(operationId: string): string {
  return operationId.slice(0, operationId.lastIndexOf(":") + 1);
}

/** Records that units wait for, those behind `after` by type and id. */
export async function readMissingRecords(
  reader: Reader,
  after: { readonly type: string; readonly id: string } | undefined,
  limit: number,
): Promise<{ readonly type: string; readonly id: string }[]> {
  return reader.all(readMissing, [after?.type ?? "", after?.id ?? "", limit]);
}

/** The records that a unit brings, `Type/id`. */
export function broughtBy({ records }: PushUnit): string[] {
  return records.filter(({ body }) => body !== null).map(({ type, id }) => `${type}/${id}`);
}

/** Two units that only tell of the same record that it never comes have nothing in common: neither waits for the other. */
function changedBy({ records }: PushUnit): readonly PushedRecord[] {
  return records.filter((record) => !tellsUnborn(record));
}

function partsOf(name: string): [type: string, id: string] {
  const slash = name.indexOf("/");
  return [name.slice(0, slash), name.slice(slash + 1)];
}
