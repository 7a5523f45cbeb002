import { sql, type Transaction } from "@tributary/database";
import { type GatheredUnit, gatherUnits, type OwnChange, orderUnits, recordsOf } from "./gather-units.ts";
import { heldPushMarker, lockPushMarker, type PushMarker } from "./push-marker.ts";
import { putQueuedUnits } from "./put-units.ts";
import type { FailedUnit } from "./queued-unit.ts";
import { readFailedUnits, readQueuedUnits } from "./read-units.ts";
import { historiesOf } from "./refusal-history.ts";
import { dropQueuedUnit } from "./unit-state.ts";

const dropUnsent = sql("delete from push_units where parent = $1 and is_sent = 0 and failure_class is null");

/** Makes the unsent units anew, under new names, with further changes and with the refused units that they touch. */
export async function gatherAnew(
  tx: Transaction,
  parent: string,
  node: string,
  marker: PushMarker,
  own: readonly OwnChange[],
  takenBack: readonly FailedUnit[] = [],
): Promise<void> {
  const unsent = (await readQueuedUnits(tx, parent, Number.MAX_SAFE_INTEGER)).filter(({ isSent }) => !isSent);
  const edited = [...unsent.flatMap(({ changes }) => changes), ...own];
  const failed = await readFailedUnits(tx, parent, 0, Number.MAX_SAFE_INTEGER);
  const refused = failed.filter(({ state }) => state === "refused");
  const touched = touching(edited, refused);
  if (own.length === 0 && takenBack.length === 0 && touched.length === 0) return;
  const { gathered, revived } = gatherWith(edited, takenBack, touched);
  if (own.length === 0 && revived.length === 0) return;
  await tx.run(dropUnsent, [parent]);
  for (const { counter } of revived) await dropQueuedUnit(tx, parent, counter);
  const histories = historiesOf(gathered, [...revived, ...unsent]);
  const units = gathered.map((changes, at) => ({ changes, history: histories[at] }));
  await putQueuedUnits(tx, parent, node, marker, units);
}

/**
 * Makes units of edits and of what failed, which comes last, so that it takes the place of the edit that revives it. What
 * was refused and cannot become one unit with that edit, since it would be too large, stays refused.
 */
function gatherWith(
  edited: readonly OwnChange[],
  takenBack: readonly FailedUnit[],
  refused: readonly FailedUnit[],
): { readonly gathered: readonly GatheredUnit[]; readonly revived: readonly FailedUnit[] } {
  for (let joining = refused; ; ) {
    const revived = [...takenBack, ...joining];
    const gathered = orderUnits(gatherUnits([...edited, ...revived.flatMap(({ changes }) => changes)]));
    const repeated = namesInSeveral(gathered);
    const joined = joining.filter(({ changes }) => !changes.some(({ type, id }) => repeated.has(`${type}/${id}`)));
    if (joined.length === joining.length) return { gathered, revived };
    joining = joined;
  }
}

function namesInSeveral(units: readonly GatheredUnit[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const unit of units) {
    for (const { type, id } of recordsOf(unit)) {
      const name = `${type}/${id}`;
      if (seen.has(name)) repeated.add(name);
      seen.add(name);
    }
  }
  return repeated;
}

/** Makes units that the parent has given back anew, with the edits of their records; what was given up is forgotten. */
export async function gatherTakenBack(
  tx: Transaction,
  parent: string,
  node: string,
  units: readonly FailedUnit[],
): Promise<void> {
  const marker = await heldPushMarker(tx, parent);
  for (const { counter } of units) await dropQueuedUnit(tx, parent, counter);
  const kept = units.filter(({ isDiscarded }) => !isDiscarded);
  if (kept.length > 0) await gatherAnew(tx, parent, node, marker, [], kept);
}

/** Lets refused units join the queued edits of their records, which were made while they were on their way. */
export async function reviveEditedUnits(tx: Transaction, parent: string, node: string): Promise<void> {
  const marker = await lockPushMarker(tx, parent);
  if (marker) await gatherAnew(tx, parent, node, marker, []);
}

function touching(edited: readonly OwnChange[], refused: readonly FailedUnit[]): FailedUnit[] {
  if (refused.length === 0) return [];
  const names = new Set(edited.map(({ type, id }) => `${type}/${id}`));
  return refused.filter(({ changes }) => changes.some(({ type, id }) => names.has(`${type}/${id}`)));
}
