import { type Reader, sql } from "@tributary/database";
import type { ResourceKey } from "@tributary/fhir";
import type { Conflict } from "./conflict.ts";
import { type ConflictRow, conflictColumns as columns, conflictOf } from "./conflict-row.ts";

/** Where a page of conflicts ended; the next one begins behind it. */
export type ConflictKey = Pick<Conflict, "openedAt" | "conflictId">;

/** What is found under an identifier, or under the beginning of one. */
export type ConflictLookup =
  | { readonly kind: "found"; readonly conflict: Conflict }
  | { readonly kind: "unknown" }
  /** Several conflicts have identifiers that begin so. */
  | { readonly kind: "ambiguous" };

const readOpen = sql(
  `select ${columns} from conflicts
   where state = 'open' and (opened_at, conflict_id) > ($2, $3)
   order by opened_at, conflict_id limit $1`,
);
const readOne = sql(`select ${columns} from conflicts where conflict_id = $1`);
const readTwoThatBegin = sql(`select ${columns} from conflicts where conflict_id like $1 order by conflict_id limit 2`);
const readOfRecord = sql(
  `select ${columns} from conflicts where type = $1 and id = $2 order by opened_at, conflict_id`,
);
const readSome = sql({
  sqlite: `select ${columns} from conflicts where conflict_id in (select value from json_each($1))`,
  postgres: `
    select ${columns} from conflicts
    where conflict_id in (select value from json_array_elements_text($1::json) k (value))`,
});
const readDisputed = sql("select distinct type, id from conflicts where link = $1 order by type, id");
const countOpen = sql("select count(*) as n from conflicts where state = 'open'");

/** A page of the conflicts that wait for somebody, the oldest first. */
export async function listOpenConflicts(reader: Reader, limit: number, after?: ConflictKey): Promise<Conflict[]> {
  const { openedAt = -1, conflictId = "" } = after ?? {};
  return (await reader.all<ConflictRow>(readOpen, [limit, openedAt, conflictId])).map(conflictOf);
}

/** Reads a conflict by its identifier, open or not. */
export async function readConflict(reader: Reader, conflictId: string): Promise<Conflict | undefined> {
  const row = await reader.first<ConflictRow>(readOne, [conflictId]);
  return row && conflictOf(row);
}

/** Some conflicts by their identifiers; those that are not here are absent. */
export async function readConflicts(reader: Reader, conflictIds: readonly string[]): Promise<Map<string, Conflict>> {
  const rows = await reader.all<ConflictRow>(readSome, [JSON.stringify(conflictIds)]);
  return new Map(rows.map((row) => [row.conflict_id, conflictOf(row)]));
}

/** The records about which a parent has told of conflicts, whether they are here or not. */
export function listDisputedRecords(reader: Reader, link: string): Promise<ResourceKey[]> {
  return reader.all<ResourceKey>(readDisputed, [link]);
}

/** Looks a conflict up by its identifier or by as much of its beginning as no other one shares. */
export async function findConflict(reader: Reader, beginning: string): Promise<ConflictLookup> {
  if (!identifierBeginning.test(beginning)) return { kind: "unknown" };
  const [row, another] = await reader.all<ConflictRow>(readTwoThatBegin, [`${beginning}%`]);
  if (another) return { kind: "ambiguous" };
  return row ? { kind: "found", conflict: conflictOf(row) } : { kind: "unknown" };
}

/** Nothing in it means something to `like`. */
const identifierBeginning = /^[0-9a-f-]{1,36}$/;

/** Every conflict that a record ever had, the oldest first. */
export async function listConflictsOf(reader: Reader, type: string, id: string): Promise<Conflict[]> {
  return (await reader.all<ConflictRow>(readOfRecord, [type, id])).map(conflictOf);
}

/** Counts the contested elements that wait for a decision here. */
export async function countOpenConflicts(reader: Reader): Promise<number> {
  return (await reader.first<{ n: number }>(countOpen))?.n ?? 0;
}
