import { bulkInsert, type SqlValue, sql, type Transaction } from "@tributary/database";
import { assert } from "@tributary/kernel";
import type { ResourceKey } from "../model/resource-key.ts";
import type { ResourceOperation } from "./stored-version.ts";

/** A version that is about to become its record's current one. */
export interface NewVersion {
  readonly key: ResourceKey;
  /** The record's row when there is one. */
  readonly resourceKey: number | undefined;
  readonly version: number;
  readonly operation: ResourceOperation;
  readonly body: string | undefined;
  readonly bodyHash: string | null;
  readonly patient: string | null;
  readonly formerPatient: string | null;
  readonly originNode: string;
  readonly originVersion: number | null;
  readonly originOperation: string | null;
  readonly author: string | null;
}

const lastKey = sql("select coalesce(max(seq), 0) as last from sqlite_sequence where name = 'resource'");
const nextKeys = sql(
  "select nextval(pg_get_serial_sequence('resource', 'resource_key')) as key from generate_series(1, $1::integer)",
);

const saveRecords = bulkInsert(
  "resource",
  {
    resource_key: "bigint",
    type: "text",
    id: "text",
    version: "bigint",
    last_updated: "bigint",
    is_deleted: "integer",
    patient: "text",
  },
  `on conflict (resource_key) do update set
    version = excluded.version,
    last_updated = excluded.last_updated,
    is_deleted = excluded.is_deleted,
    patient = excluded.patient`,
);

const addVersions = bulkInsert("resource_version", {
  resource_key: "bigint",
  type: "text",
  version: "bigint",
  last_updated: "bigint",
  operation: "text",
  body: "text",
  body_hash: "text",
  origin_node: "text",
  origin_version: "bigint",
  origin_operation: "text",
  author: "text",
});

/**
 * Writes versions and makes them current: a handful of statements however many there are. Returns the records' keys in
 * the order of the versions. The records that exist must be locked, and none may stand there twice.
 */
export async function appendVersions(
  tx: Transaction,
  versions: readonly NewVersion[],
  now: number,
): Promise<readonly number[]> {
  const fresh = await takeKeys(tx, versions.filter(({ resourceKey }) => resourceKey === undefined).length);
  const records: SqlValue[][] = [];
  const rows: SqlValue[][] = [];
  let used = 0;
  for (const one of versions) {
    const key = one.resourceKey ?? fresh[used++];
    assert(key !== undefined, "every new record has been given a key");
    const { type, id } = one.key;
    records.push([key, type, id, one.version, now, one.operation === "delete" ? 1 : 0, one.patient]);
    rows.push([
      key,
      type,
      one.version,
      now,
      one.operation,
      one.body ?? null,
      one.bodyHash,
      one.originNode,
      one.originVersion,
      one.originOperation,
      one.author,
    ]);
  }
  await saveRecords(tx, records);
  await addVersions(tx, rows);
  return records.map((record) => record[0] as number);
}

/** SQLite's one writer can count on by itself; PostgreSQL's sequence gives each transaction numbers of its own. */
async function takeKeys(tx: Transaction, count: number): Promise<number[]> {
  if (count === 0) return [];
  if (tx.dialect === "postgres") return (await tx.all<{ key: number }>(nextKeys, [count])).map(({ key }) => key);
  const { last } = (await tx.first<{ last: number }>(lastKey)) ?? { last: 0 };
  return Array.from({ length: count }, (_, index) => last + 1 + index);
}
