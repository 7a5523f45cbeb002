import type { Reader } from "@tributary/database";
import type { AuditEntry, AuditOperation } from "./audit-entry.ts";
import { type EntryRow, entryColumnNames, entryOf } from "./entry-row.ts";

/** Entries on one page at the most: what a person reads through, and far less than a program should hold at once. */
export const auditPageMax = 500;

/** Which entries are asked for; what is left out is not asked about. */
export interface AuditFilter {
  readonly actor?: string;
  /** The node that wrote the entry. */
  readonly node?: string;
  /** `Type/id` of the record concerned. */
  readonly reference?: string;
  readonly operation?: AuditOperation;
  readonly outcome?: string;
  /** Told at this moment or later, in milliseconds since 1970. */
  readonly since?: number;
  /** Told before this moment, in milliseconds since 1970. */
  readonly until?: number;
}

/** Where in the trail to read, and how much of it. */
export interface AuditPlace {
  /** At least 1; more than `auditPageMax` is taken as that. */
  readonly limit: number;
  /** `next` of the page before; the newest entries when left out. */
  readonly before?: number;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Handed in as `before`, it gives the page that follows; `null` when there is none. */
  readonly next: number | null;
}

/**
 * Reads a page of what happened on this node, the latest first.
 *
 * Pages are ranges of keys: what is written meanwhile neither repeats nor hides an entry on a later page. Only a
 * reference is looked up in an index; for any other filter the trail is walked back until the page is full.
 */
export async function listAudit(
  reader: Reader,
  filter: AuditFilter,
  { limit, before }: AuditPlace,
): Promise<AuditPage> {
  // Loaded here, since most runs of the program never list anything.
  const { queryBuilder } = await import("@tributary/database/query-builder");
  const { since, until, ...equals } = filter;
  const size = Math.max(1, Math.min(limit, auditPageMax));
  let query = queryBuilder<{ audit_entries: EntryRow }>(reader.dialect)
    .selectFrom("audit_entries")
    .select(entryColumnNames)
    .orderBy("entry_id", "desc")
    .limit(size + 1);
  for (const column of ["actor", "node", "reference", "operation", "outcome"] as const) {
    const value = equals[column];
    if (value !== undefined) query = query.where(column, "=", value);
  }
  if (since !== undefined) query = query.where("at", ">=", since);
  if (until !== undefined) query = query.where("at", "<", until);
  if (before !== undefined) query = query.where("entry_id", "<", before);
  const rows = await reader.query<EntryRow>(query.compile());
  const entries = rows.slice(0, size).map(entryOf);
  return { entries, next: rows.length > size ? entries.at(-1)!.entryId : null };
}
