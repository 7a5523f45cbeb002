import type { Database, Reader } from "@tributary/database";
import type { AuditEntry } from "./audit-entry.ts";
import type { AuditFilter } from "./audit-filter.ts";
import { countEntries, type EntryRange, readEntryRange } from "./entry-range.ts";
import { type EntryRow, entryOf } from "./entry-row.ts";

/** Entries on one page at the most: what a person reads through, and far less than a program should hold at once. */
export const auditPageMax = 500;
/** Entries read at a time when all of them are gone through. */
const exportBatch = 2_000;

/** Where in the trail to read, and how much of it. */
export interface AuditPlace {
  /** At least 1; more than `auditPageMax` is taken as that. */
  readonly limit: number;
  /** Only what came behind the entry of this key. */
  readonly above?: number;
  /** `next` of the page before; the newest entries when left out. */
  readonly before?: number;
  /** The earliest first, and `next` handed in as `above`; the latest first when left out. */
  readonly direction?: "asc" | "desc";
}

/** A page of the audit trail. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Handed in as `before`, it gives the page that follows; `null` when there is none. */
  readonly next: number | null;
}

/**
 * Reads a page of what is known here of what happened, on this node and on those that told it theirs, the latest to arrive
 * first when nothing else is said. Pages are ranges of keys: what arrives meanwhile neither repeats nor hides an entry on a later page.
 */
export async function listAudit(
  reader: Reader,
  filter: AuditFilter,
  { limit, above = -1, before, direction = "desc" }: AuditPlace,
): Promise<AuditPage> {
  const size = Math.max(1, Math.min(limit, auditPageMax));
  const below = before ?? Number.MAX_SAFE_INTEGER;
  const rows = await readBoth(reader, filter, { above, below, direction, limit: size + 1 });
  const entries = rows.slice(0, size).map(entryOf);
  return { entries, next: rows.length > size ? entries.at(-1)!.entryId : null };
}

/** Counts what `listAudit` finds on all its pages; it walks through all of them. */
export async function countAudit(reader: Reader, filter: AuditFilter): Promise<number> {
  const own = await countEntries(reader, "audit_entries", filter);
  return own + (await countEntries(reader, "foreign_audit_entries", filter));
}

/** Goes through every entry that a filter finds, in the order of arrival, a batch at a time. */
export async function* readAuditInOrder(database: Database, filter: AuditFilter): AsyncGenerator<AuditEntry> {
  let above = -1;
  for (;;) {
    const range = { above, below: Number.MAX_SAFE_INTEGER, direction: "asc", limit: exportBatch } as const;
    const rows = await database.snapshot((reader) => readBoth(reader, filter, range));
    for (const row of rows) yield entryOf(row);
    if (rows.length < exportBatch) return;
    above = rows.at(-1)!.entry_id;
  }
}

async function readBoth(reader: Reader, filter: AuditFilter, range: EntryRange): Promise<EntryRow[]> {
  const own = await readEntryRange(reader, "audit_entries", filter, range);
  const foreign = await readEntryRange(reader, "foreign_audit_entries", filter, range);
  if (foreign.length === 0) return own;
  const sign = range.direction === "asc" ? 1 : -1;
  return [...own, ...foreign].sort((a, b) => sign * (a.entry_id - b.entry_id)).slice(0, range.limit);
}
