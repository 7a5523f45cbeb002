import { appendAudit, auditDraft } from "@tributary/audit";
import { type Database, type Reader, sql } from "@tributary/database";
import type { NodeId } from "@tributary/kernel";
import { lockPushMarker } from "../push/queue/push-marker.ts";

interface Marker {
  readonly next_counter: number;
  readonly incarnation: string;
}

const readMarker = sql("select next_counter, incarnation from push_markers where parent = $1");
const putIncarnation = sql("update push_markers set incarnation = $2, next_counter = $3 where parent = $1");
const readUnits = sql(`
  select counter from push_units
  where parent = $1 and (
    (failure_class is null and (is_sent = 0 or $2 = 1))
    or ($2 = 1 and failure_class is not null and rejected_reason is null and parked_missing is null))
  order by counter`);
// What was stepped over is sent again as it stands, and keeps what it contains.
const renameUnit = sql(`
  update push_units
  set operation_id = $3, counter = $4, is_sent = case when failure_class is null then 0 else is_sent end
  where parent = $1 and counter = $2`);

/** In which incarnation this node names its operations, and the number of the next one. */
export async function readIncarnation(
  reader: Reader,
  parent: string,
): Promise<{ readonly incarnation: string; readonly counter: number }> {
  const marker = await reader.first<Marker>(readMarker, [parent]);
  return { incarnation: marker?.incarnation ?? "", counter: marker?.next_counter ?? 0 };
}

/**
 * Lets this node name its operations afresh, since names that it would give now may have been given before: in a time
 * that its database does not know of. Queued units that were never sent get new names; those that were sent keep theirs,
 * since those names were theirs before the backup, unless one of them has just turned out to be another's (`everyUnit`): then
 * those that were stepped over get new ones too.
 */
export async function takeNewIncarnation(
  database: Database,
  parent: string,
  nodeId: NodeId,
  options: { readonly incarnation: string; readonly now: number; readonly everyUnit: boolean },
): Promise<void> {
  const { incarnation, now, everyUnit } = options;
  await database.transaction(async (tx) => {
    const marker = await lockPushMarker(tx, parent);
    if (!marker) return;
    const units = await tx.all<{ counter: number }>(readUnits, [parent, everyUnit ? 1 : 0]);
    let counter = marker.next_counter;
    for (const unit of units) {
      await tx.run(renameUnit, [parent, unit.counter, `${nodeId}.${incarnation}:${counter}`, counter]);
      counter += 1;
    }
    await tx.run(putIncarnation, [parent, incarnation, counter]);
    await appendAudit(tx, nodeId, [
      auditDraft({
        at: now,
        actor: nodeId,
        operation: "configure",
        link: parent,
        outcome: "new-incarnation",
      }),
    ]);
  });
}
