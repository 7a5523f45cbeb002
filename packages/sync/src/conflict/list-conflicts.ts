import { type Reader, sql } from "@tributary/database";
import type { Conflict, ConflictState } from "./conflict.ts";
import { type ConflictRow, conflictColumns as columns, conflictOf } from "./conflict-row.ts";
import type { ConflictKey } from "./conflicts.ts";

/** Which conflicts are asked for; what is left out is not asked about. */
export interface ConflictQuery {
  readonly state: ConflictState;
  readonly type?: string | undefined;
  /** A name; `-` stands for those that nobody was given. */
  readonly assignee?: string | undefined;
  /** A part of `Type/id`, or of the element's path; letters match in either case. */
  readonly text?: string | undefined;
}

const readSome = sql({
  sqlite: `
    select ${columns} from conflicts
    where state = $1 and (opened_at, conflict_id) > ($2, $3)
      and ($4 is null or type = $4) and ($5 is null or coalesce(assignee, '-') = $5)
      and ($6 is null or instr(lower(type || '/' || id), $6) > 0 or instr(lower(element ->> 'path'), $6) > 0)
    order by opened_at, conflict_id limit $7`,
  postgres: `
    select ${columns} from conflicts
    where state = $1 and (opened_at, conflict_id) > ($2, $3)
      and ($4::text is null or type = $4) and ($5::text is null or coalesce(assignee, '-') = $5)
      and ($6::text is null or strpos(lower(type || '/' || id), $6) > 0
        or strpos(lower(element::json ->> 'path'), $6) > 0)
    order by opened_at, conflict_id limit $7`,
});

/** A page of the conflicts that a query finds, the oldest first. */
export async function listConflicts(
  reader: Reader,
  { state, type, assignee, text }: ConflictQuery,
  { limit, after }: { readonly limit: number; readonly after?: ConflictKey | undefined },
): Promise<Conflict[]> {
  const { openedAt = -1, conflictId = "" } = after ?? {};
  const filter = [type ?? null, assignee ?? null, text?.toLowerCase() ?? null];
  return (await reader.all<ConflictRow>(readSome, [state, openedAt, conflictId, ...filter, limit])).map(conflictOf);
}
