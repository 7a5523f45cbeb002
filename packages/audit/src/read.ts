import { type Reader, sql } from "@tributary/database";
import type { AuditEntry } from "./audit-entry.ts";
import { type EntryRow, entryColumns, entryOf } from "./entry-row.ts";

const readOfRecord = sql(
  `select ${entryColumns} from audit_entries where reference = $1 order by entry_id desc limit $2`,
);
const readLatest = sql(`select ${entryColumns} from audit_entries order by entry_id desc limit $1`);

/** What happened to one record on this node, the latest first. */
export async function readAuditOfRecord(reader: Reader, reference: string, limit: number): Promise<AuditEntry[]> {
  return (await reader.all<EntryRow>(readOfRecord, [reference, limit])).map(entryOf);
}

/** What happened on this node, the latest first. */
export async function readLatestAudit(reader: Reader, limit: number): Promise<AuditEntry[]> {
  return (await reader.all<EntryRow>(readLatest, [limit])).map(entryOf);
}
