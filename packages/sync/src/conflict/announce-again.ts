import { sql, type Transaction } from "@tributary/database";
import type { EventDraft } from "@tributary/events";
import { keysOfCompartments } from "@tributary/fhir";
import { conflictDraft } from "./conflict-changed.ts";
import { conflictStreamsOf } from "./conflict-streams.ts";

const findAny = sql("select conflict_id from conflicts where state = 'open' limit 1");
const countAgain = sql({
  sqlite: `
    update conflicts set revision = revision + 1
    where state = 'open' and (type, id) in (select value ->> 0, value ->> 1 from json_each($1))
    returning conflict_id as "conflictId", revision, type, id`,
  postgres: `
    update conflicts set revision = revision + 1
    where state = 'open' and (type, id) in (select value ->> 0, value ->> 1 from json_array_elements($1::json))
    returning conflict_id as "conflictId", revision, type, id`,
});

interface AgainRow {
  readonly conflictId: string;
  readonly revision: number;
  readonly type: string;
  readonly id: string;
}

/**
 * What is to be announced once more when some patients come into a catchment: their open conflicts, which its children
 * were not told when they were opened.
 */
export async function draftsOfOpenConflicts(tx: Transaction, patients: readonly string[]): Promise<EventDraft[]> {
  if (patients.length === 0 || !(await tx.first(findAny))) return [];
  const keys = await keysOfCompartments(tx, patients);
  const asked = JSON.stringify(keys.map(({ type, id }) => [type, id]));
  const again = await tx.all<AgainRow>(countAgain, [asked]);
  const streams = await conflictStreamsOf(tx, again);
  return again.map((conflict) => conflictDraft(conflict, () => streams.get(`${conflict.type}/${conflict.id}`) ?? []));
}
