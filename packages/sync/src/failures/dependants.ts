import type { Reader } from "@tributary/database";
import { recordsOf } from "../push/queue/gather-units.ts";
import type { QueuedUnit } from "../push/queue/queued-unit.ts";
import { readFailedUnits, readQueuedUnits } from "../push/queue/read-units.ts";

/** Units looked at for what waits behind a failure; enough to tell a small trouble from a large one. */
const unitsMax = 10_000;
/** Records named of what waits behind one failure. */
const dependantsMax = 100;

/**
 * Reads the queue once and returns what waits behind a unit: the records of other units that have one of its records or
 * refer to one of them, and of those that wait behind these. It is all the same whether they wait here, or parked at the
 * parent.
 */
export async function readDependants(reader: Reader, parent: string): Promise<(unit: QueuedUnit) => readonly string[]> {
  const queued = await readQueuedUnits(reader, parent, unitsMax);
  const failed = await readFailedUnits(reader, parent, 0, unitsMax);
  const unitsNaming = new Map<string, Set<QueuedUnit>>();
  for (const unit of [...queued, ...failed]) {
    for (const { type, id, refersTo = [] } of unit.changes) {
      for (const name of [`${type}/${id}`, ...refersTo]) {
        const units = unitsNaming.get(name);
        if (units) units.add(unit);
        else unitsNaming.set(name, new Set([unit]));
      }
    }
  }
  return ({ counter, changes }) => {
    const seen = new Set([counter]);
    const names = new Set<string>();
    const behind = [...namesOf(changes)];
    for (let name = behind.shift(); name !== undefined && names.size < dependantsMax; name = behind.shift()) {
      for (const unit of unitsNaming.get(name) ?? []) {
        if (seen.has(unit.counter)) continue;
        seen.add(unit.counter);
        const more = namesOf(unit.changes);
        for (const one of more) names.add(one);
        behind.push(...more);
      }
    }
    return [...names].slice(0, dependantsMax);
  };
}

function namesOf(changes: QueuedUnit["changes"]): string[] {
  return recordsOf(changes).map(({ type, id }) => `${type}/${id}`);
}
