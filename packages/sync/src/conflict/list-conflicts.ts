import { type Reader, type Sql, sql } from "@tributary/database";
import type { Conflict, ConflictState } from "./conflict.ts";
import { type ConflictRow, conflictColumns as columns, conflictOf } from "./conflict-row.ts";

/** What a list of conflicts is sorted by. */
export type ConflictSort = "openedAt" | "resolvedAt" | "assignee" | "reference";

/** Which conflicts are asked for, and in which order; what is left out is not asked about. */
export interface ConflictQuery {
  readonly state: ConflictState;
  readonly type?: string | undefined;
  /** A name; `-` stands for those that nobody was given. */
  readonly assignee?: string | undefined;
  /** A part of `Type/id`, or of the element's path; letters match in either case. */
  readonly text?: string | undefined;
  /** The oldest first when nothing is said. */
  readonly sort?: ConflictSort;
  readonly order?: "asc" | "desc";
}

/** Where a conflict stands in a sorted list; it stays a place when the conflict has gone from there. */
export interface ConflictPlace {
  readonly value: number | string;
  readonly conflictId: string;
}

/** Those that nobody was given stand where a `-` would, and those that nobody has decided before all others. */
const sortedBy = {
  openedAt: { sqlite: "opened_at", postgres: "opened_at" },
  resolvedAt: { sqlite: "coalesce(resolved_at, 0)", postgres: "coalesce(resolved_at, 0)" },
  assignee: { sqlite: "coalesce(assignee, '-')", postgres: `coalesce(assignee, '-') collate "C"` },
  reference: { sqlite: "(type || '/' || id)", postgres: `(type || '/' || id) collate "C"` },
} as const satisfies Record<ConflictSort, Readonly<Record<"sqlite" | "postgres", string>>>;

const lists: Readonly<Record<ConflictSort, Readonly<Record<"asc" | "desc", Sql>>>> = {
  openedAt: bothWays("openedAt"),
  resolvedAt: bothWays("resolvedAt"),
  assignee: bothWays("assignee"),
  reference: bothWays("reference"),
};

/** Places before the first conflict: no time, name or identifier is smaller than the one, or greater than the other. */
const begins = {
  asc: { time: -1, text: "", conflictId: "" },
  desc: { time: Number.MAX_SAFE_INTEGER, text: "\u{10ffff}", conflictId: "~" },
} as const;

/** A page of the conflicts that a query finds: a range of keys, in the order that is asked for, alike ones by identifier. */
export async function listConflicts(
  reader: Reader,
  { state, type, assignee, text, sort = "openedAt", order = "asc" }: ConflictQuery,
  { limit, after }: { readonly limit: number; readonly after?: ConflictPlace | undefined },
): Promise<Conflict[]> {
  const begin = begins[order];
  const { value, conflictId } = after ?? { ...begin, value: isTime(sort) ? begin.time : begin.text };
  const filter = [type ?? null, assignee ?? null, text?.toLowerCase() ?? null];
  const rows = await reader.all<ConflictRow>(lists[sort][order], [state, value, conflictId, ...filter, limit]);
  return rows.map(conflictOf);
}

/** Where a conflict stands in a list that is sorted so; the next page begins behind it. */
export function placeOfConflict(conflict: Conflict, sort: ConflictSort): ConflictPlace {
  const { conflictId, openedAt, resolution, assignee, type, id } = conflict;
  const values = { openedAt, resolvedAt: resolution?.at ?? 0, assignee: assignee ?? "-", reference: `${type}/${id}` };
  return { value: values[sort], conflictId };
}

/** Reads a place as a client hands it back; `undefined` for what is none in a list that is sorted so. */
export function parseConflictPlace(text: string, sort: ConflictSort): ConflictPlace | undefined {
  const [, value, conflictId] = /^(.{1,200})\.([0-9a-f-]{1,36})$/.exec(text) ?? [];
  if (value === undefined || conflictId === undefined) return undefined;
  if (!isTime(sort)) return { value, conflictId };
  return /^\d{1,15}$/.test(value) ? { value: Number(value), conflictId } : undefined;
}

function isTime(sort: ConflictSort): boolean {
  return sort === "openedAt" || sort === "resolvedAt";
}

function bothWays(sort: ConflictSort): Readonly<Record<"asc" | "desc", Sql>> {
  return { asc: listed(sort, "asc", ">"), desc: listed(sort, "desc", "<") };
}

function listed(sort: ConflictSort, order: "asc" | "desc", behind: ">" | "<"): Sql {
  const { sqlite, postgres } = sortedBy[sort];
  return sql({
    sqlite: `
      select ${columns} from conflicts
      where state = $1 and (${sqlite}, conflict_id) ${behind} ($2, $3)
        and ($4 is null or type = $4) and ($5 is null or coalesce(assignee, '-') = $5)
        and ($6 is null or instr(lower(type || '/' || id), $6) > 0 or instr(lower(element ->> 'path'), $6) > 0)
      order by ${sqlite} ${order}, conflict_id ${order} limit $7`,
    postgres: `
      select ${columns} from conflicts
      where state = $1 and (${postgres}, conflict_id) ${behind} ($2, $3)
        and ($4::text is null or type = $4) and ($5::text is null or coalesce(assignee, '-') = $5)
        and ($6::text is null or strpos(lower(type || '/' || id), $6) > 0
          or strpos(lower(element::json ->> 'path'), $6) > 0)
      order by ${postgres} ${order}, conflict_id ${order} limit $7`,
  });
}
