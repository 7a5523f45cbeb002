import type { Database, Transaction } from "@tributary/database";
import { gatherAnew } from "./gather-anew.ts";
import type { OwnChange } from "./gather-units.ts";
import { readOwnStretch } from "./own-changes.ts";
import { openPushMarker, putPushMarker } from "./push-marker.ts";

/**
 * Takes the node's own changes behind the push marker into the queue of units, in one transaction with the marker's move.
 * Units that have never been sent are made anew with what has come since, so that several edits of a record go as one. A
 * refused unit joins the unit in which one of its records was edited again: what was refused is tried with its new content.
 */
export async function queueOwnChanges(
  database: Database,
  parent: string,
  node: string,
  newIncarnation: () => string,
): Promise<void> {
  while (await database.transaction((tx) => queueStep(tx, parent, node, newIncarnation)));
}

/** Does what `queueOwnChanges` does, all of it within a transaction. */
export async function queueOwnChangesWithin(
  tx: Transaction,
  parent: string,
  node: string,
  newIncarnation: () => string,
): Promise<void> {
  while (await queueStep(tx, parent, node, newIncarnation));
}

/** Queues versions that stand here to be sent, whoever made them and whenever, as further changes. */
export async function queueAgain(
  tx: Transaction,
  parent: string,
  node: string,
  changes: readonly OwnChange[],
  newIncarnation: () => string,
): Promise<void> {
  await queueOwnChangesWithin(tx, parent, node, newIncarnation);
  const marker = await openPushMarker(tx, parent, newIncarnation);
  await gatherAnew(tx, parent, node, marker, changes);
}

async function queueStep(
  tx: Transaction,
  parent: string,
  node: string,
  newIncarnation: () => string,
): Promise<boolean> {
  const marker = await openPushMarker(tx, parent, newIncarnation);
  const own = await readOwnStretch(tx, parent, marker.position);
  if (!own) return false;
  const moved = { ...marker, position: own.end };
  await (own.changes.length > 0 ? gatherAnew(tx, parent, node, moved, own.changes) : putPushMarker(tx, parent, moved));
  return true;
}
