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

/** A unit in the making. */
interface Gathering {
  /** Where its first change stands among the transactions. */
  readonly place: number;
  readonly changes: OwnChange[];
  readonly names: Set<string>;
}

/**
 * Makes units of own changes: what one transaction changed stays together, and transactions that changed the same record
 * become one unit as long as it has no more than `unitRecordsMax` records; what would be more comes behind it, as a unit of
 * its own. Units come in the order of their first change, so that what a later one refers to is there.
 *
 * `gatherUnits([t1: a1 b1, t2: c1, t3: b2]) // [[a1, b1, b2], [c1]]`
 */
export function gatherUnits(changes: readonly OwnChange[]): GatheredUnit[] {
  const lastUnitOf = new Map<string, Gathering>();
  const units = new Set<Gathering>();
  for (const [place, together] of inTransactions(changes).entries()) {
    let unit: Gathering = { place, changes: [...together], names: new Set(together.map(nameOf)) };
    const sharing = new Set([...unit.names].flatMap((name) => lastUnitOf.get(name) ?? []));
    units.add(unit);
    for (const name of unit.names) lastUnitOf.set(name, unit);
    // The latest first: what an earlier one has of a record is never sent behind what this one has of it.
    for (const earlier of [...sharing].toSorted((one, other) => other.place - one.place)) {
      if (recordsOfBoth(earlier, unit) > unitRecordsMax) break;
      for (const change of unit.changes) earlier.changes.push(change);
      for (const name of unit.names) {
        earlier.names.add(name);
        lastUnitOf.set(name, earlier);
      }
      units.delete(unit);
      unit = earlier;
    }
  }
  return [...units].toSorted((one, other) => one.place - other.place).map((unit) => unit.changes);
}

/** The changes of each transaction; in parts, where that is more than a unit may have. */
function inTransactions(changes: readonly OwnChange[]): (readonly OwnChange[])[] {
  return [...Map.groupBy(changes, ({ transaction }) => transaction).values()].flatMap((together) =>
    Array.from({ length: Math.ceil(together.length / unitRecordsMax) }, (_, part) =>
      together.slice(part * unitRecordsMax, (part + 1) * unitRecordsMax),
    ),
  );
}

function recordsOfBoth(one: Gathering, other: Gathering): number {
  let records = one.names.size;
  for (const name of other.names) if (!one.names.has(name)) records += 1;
  return records;
}

function nameOf({ type, id }: OwnChange): string {
  return `${type}/${id}`;
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
    units.flatMap((unit, at) => unit.map((change) => [nameOf(change), at] as const)),
  );
  return units.map((unit) => {
    const own = new Set(unit.map(nameOf));
    const places = new Set<number>();
    for (const { refersTo = [] } of unit) {
      for (const name of refersTo) {
        const place = placeOf.get(name);
        if (place !== undefined && !own.has(name)) places.add(place);
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
    const name = nameOf(change);
    if ((last.get(name)?.version ?? 0) < change.version) last.set(name, change);
  }
  return [...last.values()];
}
