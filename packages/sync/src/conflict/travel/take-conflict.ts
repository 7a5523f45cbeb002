import { sql, type Transaction } from "@tributary/database";
import type { EventBus } from "@tributary/events";
import { forgetConflict, putConflict } from "../change-conflict.ts";
import type { Conflict } from "../conflict.ts";
import { readConflict } from "../conflicts.ts";
import { readPendingKinds } from "../decide/decision-queue.ts";
import type { ToldConflict } from "./conflict-rows.ts";

const lockOne = sql({
  sqlite: "select 1 from conflicts where conflict_id = $1",
  postgres: "select 1 from conflicts where conflict_id = $1 for update",
});
const forgetRevisions = sql("update conflicts set link_revision = 0 where link = $1");

/**
 * Takes a row over from the parent, which tells how it stands there. A row older than the last is left alone, and what
 * was decided or taken back here stays until the parent has answered it, unless the parent's row has been decided meanwhile.
 * A row that did not come from this parent is never touched.
 */
export async function takeConflict(tx: Transaction, bus: EventBus, link: string, told: ToldConflict): Promise<void> {
  const { conflictId } = told;
  await tx.first(lockOne, [conflictId]);
  const here = await readConflict(tx, conflictId);
  const place = { link, linkRevision: told.revision };
  if (!here) {
    await putConflict(tx, bus, { ...told, ...place });
    return;
  }
  if (here.link !== link || (here.linkRevision ?? 0) > told.revision) return;
  const kept = { ...(await withOwnDecisions(tx, here, told)), ...place, revision: here.revision };
  if (isSame(here, kept)) return;
  await putConflict(tx, bus, kept);
}

/** Removes a row that the parent does not tell to this node any more. */
export async function forgetToldConflict(tx: Transaction, link: string, conflictId: string): Promise<void> {
  const here = await readConflict(tx, conflictId);
  if (here?.link === link) await forgetConflict(tx, here);
}

/** Lets every row of a parent be taken again, whose history is another one now and counts anew. */
export async function forgetLinkRevisions(tx: Transaction, link: string): Promise<void> {
  await tx.run(forgetRevisions, [link]);
}

/** What was decided or taken back here and has not been answered, over what the parent tells. */
async function withOwnDecisions(tx: Transaction, here: Conflict, told: ToldConflict): Promise<ToldConflict> {
  const pending = await readPendingKinds(tx, here.conflictId);
  const isUndoneHere = pending.has("reopen") || (await isRevivedHere(tx, told));
  if (told.state !== "open" && !isUndoneHere) return told;
  const kept = pending.has("assign") ? { ...told, assignee: here.assignee } : told;
  const isDecidedHere = pending.has("resolve") || (await isOvertakenHere(tx, here));
  if (!isDecidedHere && !isUndoneHere) return kept;
  const { resolution: _, undone: __, ...bare } = kept;
  const { state, supersededBy, resolution, undone } = here;
  return { ...bare, state, supersededBy, ...(resolution ? { resolution } : {}), ...(undone ? { undone } : {}) };
}

/** Whether the decision that superseded it at the parent has been taken back here. */
async function isRevivedHere(tx: Transaction, { supersededBy }: ToldConflict): Promise<boolean> {
  return supersededBy !== null && (await readPendingKinds(tx, supersededBy)).has("reopen");
}

async function isOvertakenHere(tx: Transaction, { state, supersededBy }: Conflict): Promise<boolean> {
  if (state !== "superseded" || supersededBy === null) return false;
  return (await readPendingKinds(tx, supersededBy)).has("resolve");
}

function isSame(one: Conflict, other: Conflict): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(conflict: Conflict): unknown {
  return Object.entries(conflict).toSorted(([left], [right]) => (left < right ? -1 : 1));
}
