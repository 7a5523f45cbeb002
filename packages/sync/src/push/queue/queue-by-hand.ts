import type { Transaction } from "@tributary/database";
import { assert } from "@tributary/kernel";
import type { GatheredUnit, OwnChange } from "./gather-units.ts";
import { withReferences } from "./own-changes.ts";
import { heldPushMarker, lockPushMarker } from "./push-marker.ts";
import { putQueuedUnits } from "./put-units.ts";
import type { FailedUnit } from "./queued-unit.ts";
import { dropQueuedUnit } from "./unit-state.ts";

/**
 * Puts a refused unit back at the end of the queue, under a new name: the parent keeps its verdict on the old one for
 * ever. What is known of its refusals stays with it. One that another program has discarded meanwhile stays so.
 */
export async function requeueRefusedUnit(
  tx: Transaction,
  parent: string,
  node: string,
  refused: FailedUnit,
  changes: GatheredUnit,
): Promise<void> {
  const marker = await heldPushMarker(tx, parent);
  if (!(await dropQueuedUnit(tx, parent, refused.counter))) return;
  await putQueuedUnits(tx, parent, node, marker, [{ changes, history: refused.history }]);
}

/** Queues records as they are now, a unit each, though the parent is thought to have them. */
export async function offerRecords(
  tx: Transaction,
  parent: string,
  node: string,
  changes: readonly OwnChange[],
): Promise<void> {
  const marker = await lockPushMarker(tx, parent);
  assert(marker !== undefined || changes.length === 0, "a node that has records has queued its changes before");
  if (!marker) return;
  const units = (await withReferences(tx, changes)).map((change) => ({ changes: [change], history: undefined }));
  await putQueuedUnits(tx, parent, node, marker, units);
}
