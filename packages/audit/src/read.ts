import { type Reader, sql } from "@tributary/database";
import type { AuditEntry } from "./audit-entry.ts";
import { type EntryRow, entryColumns, entryOf } from "./entry-row.ts";

const readOfRecord = sql(
  `select ${entryColumns} from audit_entries where reference = $1 order by entry_id desc limit $2`,
);
const readForeignOfRecord = sql(
  `select ${entryColumns} from foreign_audit_entries where reference = $1 order by entry_id desc limit $2`,
);
const readReceived = sql({
  sqlite: `
    select distinct entry.reference from json_each($1) asked
    cross join audit_entries entry on entry.reference = asked.value
    where entry.link = $2 and entry.operation in ('push', 'merge')`,
  postgres: `
    select distinct entry.reference from json_array_elements_text($1::json) as asked (reference)
    join audit_entries entry on entry.reference = asked.reference
    where entry.link = $2 and entry.operation in ('push', 'merge')`,
});
const readLatest = sql(`select ${entryColumns} from audit_entries order by entry_id desc limit $1`);
const readOwnAt = sql(`select ${entryColumns} from audit_entries where position = $1`);
const readForeignAt = sql(`select ${entryColumns} from foreign_audit_entries where position = $1`);

/** What happened to one record on this node, the latest first. */
export async function readAuditOfRecord(reader: Reader, reference: string, limit: number): Promise<AuditEntry[]> {
  return (await reader.all<EntryRow>(readOfRecord, [reference, limit])).map(entryOf);
}

/** Those of some records, `Type/id`, of which this node has taken in a version over a link. */
export async function receivedOver(
  reader: Reader,
  link: string,
  references: readonly string[],
): Promise<ReadonlySet<string>> {
  if (references.length === 0) return new Set();
  const rows = await reader.all<{ reference: string }>(readReceived, [JSON.stringify(references), link]);
  return new Set(rows.map(({ reference }) => reference));
}

/** What other nodes told of one record, the latest to arrive first; their versions are counted by themselves. */
export async function readForeignAuditOfRecord(
  reader: Reader,
  reference: string,
  limit: number,
): Promise<AuditEntry[]> {
  return (await reader.all<EntryRow>(readForeignOfRecord, [reference, limit])).map(entryOf);
}

/** What happened on this node, the latest first. */
export async function readLatestAudit(reader: Reader, limit: number): Promise<AuditEntry[]> {
  return (await reader.all<EntryRow>(readLatest, [limit])).map(entryOf);
}

/** The entry at a position of whatever chain whose hash begins so, own or told; `undefined` when none is here. */
export async function findAuditEntry(
  reader: Reader,
  { position, hashBeginning }: { readonly position: number; readonly hashBeginning: string },
): Promise<AuditEntry | undefined> {
  const own = await reader.all<EntryRow>(readOwnAt, [position]);
  const foreign = await reader.all<EntryRow>(readForeignAt, [position]);
  const row = [...own, ...foreign].find(({ chain_hash }) => chain_hash?.startsWith(hashBeginning));
  return row && entryOf(row);
}
