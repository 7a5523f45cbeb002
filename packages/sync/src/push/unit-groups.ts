import type { Dialect } from "@tributary/database";
import { independentUnits } from "./independent-units.ts";
import type { PushUnit } from "./push-unit.ts";

/** Units that share a transaction: enough that its statements cost little, few enough that a failed one is soon made up for. */
const unitsPerGroup = 32;
/** Records of a group of several units, whose locks are held until its commit. */
const recordsPerGroup = 500;
/** Groups at the same time on PostgreSQL: while it works on one, this process works on the other. */
const groupsAtOnce = 2;
/** Units handed to SQLite at once: it runs their groups one after another, in order, and lets them share a commit. */
const unitsPerCommit = 64;

/** Units that are taken in one transaction; they have nothing to do with each other. */
export type UnitGroup = readonly PushUnit[];

/**
 * The groups of units that are to be taken next, and the units that come after them. On PostgreSQL none of the groups has
 * to do with another, so they may be taken at the same time; on SQLite they are to be taken in their order.
 */
export function nextGroups(
  dialect: Dialect,
  units: readonly PushUnit[],
): { readonly groups: readonly UnitGroup[]; readonly rest: readonly PushUnit[] } {
  if (dialect === "postgres") {
    const { together } = independentUnits(units, unitsPerGroup * groupsAtOnce);
    const groups = divide(together, Math.ceil(together.length / groupsAtOnce)).slice(0, groupsAtOnce);
    const taken = new Set(groups.flat());
    return { groups, rest: units.filter((unit) => !taken.has(unit)) };
  }
  const groups: UnitGroup[] = [];
  let left: readonly PushUnit[] = units.slice(0, unitsPerCommit);
  while (left.length > 0) {
    const { together, rest } = independentUnits(left, unitsPerGroup);
    groups.push(...divide(together, unitsPerGroup));
    left = rest;
  }
  return { groups, rest: units.slice(unitsPerCommit) };
}

function divide(units: readonly PushUnit[], unitsMax: number): UnitGroup[] {
  const groups: PushUnit[][] = [];
  let records = 0;
  for (const unit of units) {
    const last = groups.at(-1);
    records += unit.records.length;
    if (last && last.length < unitsMax && records <= recordsPerGroup) last.push(unit);
    else {
      groups.push([unit]);
      records = unit.records.length;
    }
  }
  return groups;
}
