import { connectedGroups } from "../connected-groups.ts";

/** Records that one unit may have: as many as one transaction Bundle. */
export const unitRecordsMax = 10_000;

/** An own change, as the log has it. */
export interface OwnChange {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** The local transaction that made it. */
  readonly transaction: string;
  /** The records that this version refers to, `Type/id`; absent when there are none. */
  readonly refersTo?: readonly string[];
}

/** Changes that must be taken in together. */
export type GatheredUnit = readonly OwnChange[];

/**
 * Makes units of own changes: what one transaction changed stays together, and transactions that changed the same record
 * become one unit. Units come in the order of their first change,
 * so that what a later one refers to is there.
 *
 * `gatherUnits([t1: a1 b1, t2: c1, t3: b2]) // [[a1, b1, b2], [c1]]`
 */
export function gatherUnits(changes: readonly OwnChange[]): GatheredUnit[] {
  const unitOfTransaction = new Map<string, Set<OwnChange>>();
  const unitOfRecord = new Map<string, Set<OwnChange>>();
  const units = new Set<Set<OwnChange>>();
  for (const change of changes) {
    const name = `${change.type}/${change.id}`;
    const joined = [unitOfTransaction.get(change.transaction), unitOfRecord.get(name)].filter(
      (unit) => unit !== undefined,
    );
    const [unit = new Set<OwnChange>(), other] = inOrderOf(units, joined);
    units.add(unit);
    if (other && other !== unit) {
      for (const moved of other) {
        unit.add(moved);
        unitOfTransaction.set(moved.transaction, unit);
        unitOfRecord.set(`${moved.type}/${moved.id}`, unit);
      }
      units.delete(other);
    }
    unit.add(change);
    unitOfTransaction.set(change.transaction, unit);
    unitOfRecord.set(name, unit);
  }
  return [...units].map((unit) => [...unit]);
}

/** The earlier unit first: a later one joins it, so that nothing is sent after what refers to it. */
function inOrderOf<Unit>(units: Set<Unit>, some: readonly Unit[]): Unit[] {
  if (some.length < 2) return [...some];
  return [...units].filter((unit) => some.includes(unit));
}

/**
 * Puts units in an order in which each comes after those with the records that it refers to, and makes one unit of those
 * that refer to each other in a circle, since the parent could take none of them first.
 */
export function orderUnits(units: readonly GatheredUnit[]): GatheredUnit[] {
  const groups = connectedGroups(referencesAmong(units));
  return groups.flatMap((group) => {
    const together = group.flatMap((at) => units[at]!);
    return together.length <= unitRecordsMax ? [together] : group.map((at) => units[at]!);
  });
}

/** For each unit the places of the other units that have a record that it refers to. */
export function referencesAmong(units: readonly GatheredUnit[]): number[][] {
  const placeOf = new Map<string, number>(
    units.flatMap((unit, at) => unit.map(({ type, id }) => [`${type}/${id}`, at] as const)),
  );
  return units.map((unit, at) => {
    const places = new Set<number>();
    for (const { refersTo = [] } of unit) {
      for (const name of refersTo) {
        const place = placeOf.get(name);
        if (place !== undefined && place !== at) places.add(place);
      }
    }
    return [...places].toSorted((one, other) => one - other);
  });
}

/** The records of a unit, each once, in the version that is to be sent: several edits of a record go as one. */
export function recordsOf(
  unit: GatheredUnit,
): { readonly type: string; readonly id: string; readonly version: number }[] {
  const last = new Map<string, OwnChange>();
  for (const change of unit) {
    const name = `${change.type}/${change.id}`;
    if ((last.get(name)?.version ?? 0) < change.version) last.set(name, change);
  }
  return [...last.values()];
}
