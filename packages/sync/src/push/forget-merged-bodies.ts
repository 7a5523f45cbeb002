import { readAuditOfRecord } from "@tributary/audit";
import { type Reader, sql, type Transaction } from "@tributary/database";
import type { UnitVerdict } from "./push-unit.ts";

/** Entries of one record's trail that are looked through: all there can be, some for each version, which go as well. */
const entriesMax = 1_000_000;

const readOne = sql("select verdict from push_verdicts where operation_id = $1");
const putOne = sql("update push_verdicts set verdict = $2 where operation_id = $1");

interface RecordName {
  readonly type: string;
  readonly id: string;
}

/**
 * Takes the merged bodies of records that are purged here out of the verdicts that children were given. A child that asks
 * again is told that its edit was applied, which it was.
 */
export async function forgetMergedBodies(tx: Transaction, keys: readonly RecordName[]): Promise<void> {
  const purged = new Set(keys.map(nameOf));
  for (const operationId of await operationsThatMerged(tx, keys)) {
    const row = await tx.first<{ verdict: string }>(readOne, [operationId]);
    if (!row?.verdict) continue;
    const verdict = JSON.parse(row.verdict) as UnitVerdict;
    if (!("records" in verdict)) continue;
    const records = verdict.records.map((record) => {
      if (!purged.has(nameOf(record)) || record.body === undefined) return record;
      const { type, id, version } = record;
      return { type, id, version, outcome: "applied" as const, conflicts: 0 };
    });
    await tx.run(putOne, [operationId, JSON.stringify({ ...verdict, records })]);
  }
}

async function operationsThatMerged(reader: Reader, keys: readonly RecordName[]): Promise<ReadonlySet<string>> {
  const operations = new Set<string>();
  for (const key of keys) {
    for (const { operation, operationId } of await readAuditOfRecord(reader, nameOf(key), entriesMax)) {
      if (operation === "merge" && operationId !== null) operations.add(operationId);
    }
  }
  return operations;
}

function nameOf({ type, id }: RecordName): string {
  return `${type}/${id}`;
}
