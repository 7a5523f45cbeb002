import { sql, type Transaction } from "@tributary/database";
import { type ResourceKey, referenceTo } from "@tributary/fhir";
import type { GatheredUnit } from "./gather-units.ts";
import { readFailedUnits } from "./read-units.ts";
import { dropQueuedUnit } from "./unit-state.ts";

const putChanges = sql("update push_units set changes = $3 where parent = $1 and counter = $2");

/**
 * Takes records that are purged here out of the units that the parent refused: their version numbers are given anew, should
 * they ever come again. A unit of nothing else leaves the list of failures. Whoever does it holds the queue.
 */
export async function strikeFromRefused(
  tx: Transaction,
  parent: string,
  records: readonly ResourceKey[],
): Promise<void> {
  const struck = new Set(records.map(referenceTo));
  for (const { state, counter, changes } of await readFailedUnits(tx, parent, 0, Number.MAX_SAFE_INTEGER)) {
    const kept = changes.filter((change) => !struck.has(referenceTo(change)));
    if (state !== "refused" || kept.length === changes.length) continue;
    await keepChanges(tx, parent, counter, kept);
  }
}

/** Keeps some of the changes of a unit; one of which nothing is kept leaves the queue. */
export async function keepChanges(tx: Transaction, parent: string, counter: number, kept: GatheredUnit): Promise<void> {
  if (kept.length > 0) await tx.run(putChanges, [parent, counter, JSON.stringify(kept)]);
  else await dropQueuedUnit(tx, parent, counter);
}
