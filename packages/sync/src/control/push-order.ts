import type { GatheredUnit } from "../push/queue/gather-units.ts";

/** What is sent first on a thin line, when the site does not say: what somebody elsewhere waits for, or must not miss. */
export const firstTypes: readonly string[] = [
  "ServiceRequest",
  "Task",
  "CommunicationRequest",
  "Flag",
  "AllergyIntolerance",
  "Patient",
];
/** What is large and can wait. */
const lastTypes: ReadonlySet<string> = new Set(["Binary", "Media", "DocumentReference"]);

/**
 * Puts units in the order in which a thin line should carry them: those with a record of a type that stands in `first`,
 * by its place there, then the others, then those with nothing but attachments. What a unit overtakes shares no record
 * with it and neither refers to the other: what it depends on goes ahead with it. Otherwise units keep their order. Pure.
 *
 * `orderByPriority([[Observation of q], [Patient p], [Flag of p]], ["Flag"]) // [[Patient p], [Flag of p], [Observation of q]]`
 */
export function orderByPriority<Unit extends { readonly changes: GatheredUnit }>(
  units: readonly Unit[],
  first: readonly string[],
): Unit[] {
  const placeOf = new Map(first.map((type, place) => [type, place]));
  const ranks = inheritRanks(units, (unit) => rankOf(unit.changes, placeOf, first.length));
  return units
    .map((unit, at) => ({ unit, at, rank: ranks[at]! }))
    .sort((one, other) => one.rank - other.rank || one.at - other.at)
    .map(({ unit }) => unit);
}

/** The units that have a chosen record, and those before them that they depend on, in their order. */
export function unitsWith<Unit extends { readonly changes: GatheredUnit }>(
  units: readonly Unit[],
  chosen: ReadonlySet<string>,
): Unit[] {
  const ranks = inheritRanks(units, ({ changes }) => (changes.some((one) => chosen.has(nameOf(one))) ? 0 : 1));
  return units.filter((_, at) => ranks[at] === 0);
}

function rankOf(changes: GatheredUnit, placeOf: ReadonlyMap<string, number>, others: number): number {
  const place = Math.min(...changes.map(({ type }) => placeOf.get(type) ?? others));
  return place === others && changes.every(({ type }) => lastTypes.has(type)) ? others + 1 : place;
}

/** Gives each unit its own rank, or the smallest of those behind it that depend on it. */
function inheritRanks<Unit extends { readonly changes: GatheredUnit }>(
  units: readonly Unit[],
  rankOfUnit: (unit: Unit) => number,
): number[] {
  const ranks = units.map(rankOfUnit);
  const behindRecord = new Map<string, number>();
  const behindReference = new Map<string, number>();
  for (let at = units.length - 1; at >= 0; at--) {
    const { changes } = units[at]!;
    for (const change of changes) {
      const name = nameOf(change);
      lower(ranks, at, behindRecord.get(name));
      lower(ranks, at, behindReference.get(name));
      for (const target of change.refersTo ?? []) lower(ranks, at, behindRecord.get(target));
    }
    for (const change of changes) {
      note(behindRecord, nameOf(change), ranks[at]!);
      for (const target of change.refersTo ?? []) note(behindReference, target, ranks[at]!);
    }
  }
  return ranks;
}

function lower(ranks: number[], at: number, rank: number | undefined): void {
  if (rank !== undefined && rank < ranks[at]!) ranks[at] = rank;
}

function note(smallest: Map<string, number>, name: string, rank: number): void {
  smallest.set(name, Math.min(smallest.get(name) ?? rank, rank));
}

function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}/${id}`;
}
