import { sql, type Transaction } from "@tributary/database";
import { type ResourceKey, referenceTo } from "../model/resource-key.ts";
import { listOf } from "./read-versions.ts";

/** A record that this transaction alone may change until it ends. */
export interface LockedRecord {
  readonly resourceKey: number;
  /** 0 for a record that this transaction is about to create. */
  readonly version: number;
  readonly isDeleted: boolean;
  readonly patient: string | null;
}

interface LockedRow {
  readonly resource_key: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly is_deleted: 0 | 1;
  readonly patient: string | null;
}

// Rows are locked in one order everywhere, so that two transactions with the same records wait instead of deadlocking.
// It reads nothing but the locked row: a joined row would be that of the moment before the wait.
const lockRows = sql({
  sqlite: `select r.resource_key, r.type, r.id, r.version, r.is_deleted, r.patient
    from json_each($1) k
    cross join resource r on r.type = k.value ->> 'type' and r.id = k.value ->> 'id'`,
  postgres: `select r.resource_key, r.type, r.id, r.version, r.is_deleted, r.patient
    from json_to_recordset($1::json) as k (type text, id text)
    join resource r on r.type = k.type and r.id = k.id
    order by r.type, r.id
    for update of r`,
});

// What this transaction inserts is its own; what somebody else has inserted meanwhile is locked like any other record.
const claimRows = sql(
  `insert into resource (type, id, version, last_updated, is_deleted)
  select k.type, k.id, 0, 0, 1
  from json_to_recordset($1::json) as k (type text collate "C", id text collate "C")
  order by k.type, k.id
  on conflict (type, id) do nothing
  returning resource_key, type, id, version, is_deleted, patient`,
);

/**
 * Locks records for the rest of the transaction and reads where they stand, by `Type/id`; absent are those that do not
 * exist. Those of `toCreate` that do not exist are claimed, so that of two transactions that create one record at once
 * the second waits and then finds it. SQLite has a single writer and needs neither.
 */
export async function lockRecords(
  tx: Transaction,
  keys: readonly ResourceKey[],
  toCreate: readonly ResourceKey[],
): Promise<Map<string, LockedRecord>> {
  if (keys.length === 0) return new Map();
  const found = await lock(tx, keys);
  if (tx.dialect === "sqlite") return found;
  const missing = toCreate.filter((key) => !found.has(referenceTo(key)));
  if (missing.length === 0) return found;
  const claimed = byName(await tx.all<LockedRow>(claimRows, [listOf(missing)]));
  const taken = missing.filter((key) => !claimed.has(referenceTo(key)));
  return new Map([...found, ...claimed, ...(taken.length > 0 ? await lock(tx, taken) : [])]);
}

async function lock(tx: Transaction, keys: readonly ResourceKey[]): Promise<Map<string, LockedRecord>> {
  return byName(await tx.all<LockedRow>(lockRows, [listOf(keys)]));
}

function byName(rows: readonly LockedRow[]): Map<string, LockedRecord> {
  return new Map(
    rows.map((row) => [
      referenceTo(row),
      {
        resourceKey: row.resource_key,
        version: row.version,
        isDeleted: row.is_deleted === 1,
        patient: row.patient,
      },
    ]),
  );
}
