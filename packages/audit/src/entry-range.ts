import { type Reader, sql } from "@tributary/database";
import type { AuditFilter } from "./audit-filter.ts";
import { type EntryRow, entryColumnNames } from "./entry-row.ts";

/** The two tables in which entries stand: what this node wrote, and what other nodes told. */
export type EntryTable = "audit_entries" | "foreign_audit_entries";

/** Which keys are read, in which direction, and how many. */
export interface EntryRange {
  /** Keys above this one only. */
  readonly above: number;
  /** Keys below this one only. */
  readonly below: number;
  readonly direction: "asc" | "desc";
  readonly limit: number;
}

interface Tables {
  readonly audit_entries: EntryRow;
  readonly foreign_audit_entries: EntryRow;
}

const findOwnNode = sql("select node from audit_entries order by entry_id desc limit 1");
// A sum, so that the index over times answers, and not a walk along the keys until some time fits.
const readWindow = (table: EntryTable) =>
  sql(`select min(entry_id + 0) as first, max(entry_id + 0) as last from ${table} where at >= $1 and at < $2`);
const readTop = (table: EntryTable) => sql(`select max(entry_id) as last from ${table} where entry_id < $1`);
const tops = {
  audit_entries: readTop("audit_entries"),
  foreign_audit_entries: readTop("foreign_audit_entries"),
} as const;
const windows = {
  audit_entries: readWindow("audit_entries"),
  foreign_audit_entries: readWindow("foreign_audit_entries"),
} as const;

/** More than one page holds is somebody who goes through all of it. */
const pageRowsMax = 1_000;

/** Keys, the newest of a range, that are looked through for a page before the bounds of a time are made out. */
const newestKeys = 20_000;

/**
 * Reads some entries of one table in the order of their keys.
 *
 * Keys follow the time of arrival, and an entry that a child told late has an older time than its neighbours. So for a
 * time that the newest entries do not fill a page of, the range of keys that it spans is read from an index first.
 */
export async function readEntryRange(
  reader: Reader,
  table: EntryTable,
  filter: AuditFilter,
  range: EntryRange,
): Promise<EntryRow[]> {
  const { node, since, until } = filter;
  if (table === "audit_entries" && node !== undefined && !(await isOwnNode(reader, node))) return [];
  const read = async (within: EntryRange) =>
    reader.query<EntryRow>((await queryOf(reader, table, filter, within)).compile());
  const isPage = range.limit <= pageRowsMax;
  // Whoever takes all of them upwards goes through everything anyway.
  if ((since === undefined && until === undefined) || (range.direction === "asc" && !isPage)) return read(range);
  if (range.direction === "desc") {
    const top = await reader.first<{ last: number | null }>(tops[table], [range.below]);
    if (!top || top.last === null) return [];
    const newest = await read({ ...range, above: Math.max(range.above, top.last - newestKeys) });
    if (newest.length === range.limit) return newest;
  }
  const bounds = [since ?? 0, until ?? Number.MAX_SAFE_INTEGER];
  const window = await reader.first<{ first: number | null; last: number | null }>(windows[table], bounds);
  if (!window || window.first === null || window.last === null) return [];
  const above = Math.max(range.above, window.first - 1);
  return read({ ...range, above, below: Math.min(range.below, window.last + 1) });
}

/** Counts the entries of one table that a filter finds. */
export async function countEntries(reader: Reader, table: EntryTable, filter: AuditFilter): Promise<number> {
  if (table === "audit_entries" && filter.node !== undefined && !(await isOwnNode(reader, filter.node))) return 0;
  const all = { above: -1, below: Number.MAX_SAFE_INTEGER, direction: "asc", limit: 0 } as const;
  const query = (await queryOf(reader, table, filter, all))
    .clearSelect()
    .clearOrderBy()
    .clearLimit()
    .select(({ fn }) => fn.countAll<number>().as("found"));
  const [row] = await reader.query<{ found: number }>(query.compile());
  return Number(row?.found ?? 0);
}

/** What a filter can ask for by an index, that which leaves the fewest entries first. */
const leads = ["reference", "node", "actor", "outcome", "operation"] as const;

async function queryOf(reader: Reader, table: EntryTable, filter: AuditFilter, range: EntryRange) {
  // Loaded here, since most runs of the program never list anything.
  const { queryBuilder } = await import("@tributary/database/query-builder");
  let query = queryBuilder<Tables>(reader.dialect)
    .selectFrom(table)
    .select(entryColumnNames)
    .where("entry_id", ">", range.above)
    .where("entry_id", "<", range.below)
    .orderBy("entry_id", range.direction)
    .limit(range.limit);
  const { since, until, change, isOfRecord, isSealed, outcomesExcept } = filter;
  const equals = table === "foreign_audit_entries" ? filter : { ...filter, node: undefined };
  const lead = leads.find((column) => equals[column] !== undefined);
  for (const column of leads) {
    const value = equals[column];
    if (value === undefined) continue;
    // A text with nothing added is no column, so that only the index of the lead is used.
    query =
      column === lead ? query.where(column, "=", value) : query.where((is) => is(is(column, "||", ""), "=", value));
  }
  // A sum, so that the index over times, which would have to be sorted by key, is left alone.
  if (since !== undefined) query = query.where((is) => is(is("at", "+", 0), ">=", since));
  if (until !== undefined) query = query.where((is) => is(is("at", "+", 0), "<", until));
  if (outcomesExcept !== undefined) query = query.where("outcome", "not in", [...outcomesExcept]);
  if (isOfRecord !== undefined) query = query.where("reference", isOfRecord ? "is not" : "is", null);
  if (isSealed === true) query = query.where("position", "is not", null);
  // An exchange that left the record alone has the same version before and after.
  if (change === "none") {
    query = query.where((is) =>
      is.or([is("version_after", "is", null), is("version_after", "=", is.ref("version_before"))]),
    );
  } else if (change !== undefined) {
    query = query
      .where("version_after", "is not", null)
      .where((is) => is.or([is("version_before", "is", null), is("version_before", "<>", is.ref("version_after"))]))
      .where("outcome", change === "delete" ? "=" : "<>", "deleted");
    if (change !== "delete") query = query.where("version_before", change === "create" ? "is" : "is not", null);
  }
  return query;
}

/** A database is one node's for ever, so that its newest entry tells whose all of them are. */
async function isOwnNode(reader: Reader, node: string): Promise<boolean> {
  return (await reader.first<{ node: string }>(findOwnNode))?.node === node;
}
