import type { Reader } from "@tributary/database";
import { referenceTo } from "@tributary/fhir";
import { connectedGroups } from "./connected-groups.ts";
import { stillLacking } from "./lacked-by-parked.ts";
import { findHoldersOf, readWaitsOf } from "./parked-units.ts";

/** Units looked at from one on: sites that refer to each other's records name few, and a search must end. */
const unitsMax = 200;

/**
 * Groups of parked units that wait for nothing but each other, found from some of them on: none of them can go first, since
 * their children know nothing of each other. A group stands behind those that it waits for too.
 */
export async function findParkedCircles(reader: Reader, operationIds: readonly string[]): Promise<string[][]> {
  const lacks = new Map<string, Set<string>>();
  const holders = new Map<string, readonly string[]>();
  let frontier = operationIds.slice(0, unitsMax);
  while (frontier.length > 0 && lacks.size + frontier.length <= unitsMax) {
    for (const operationId of frontier) lacks.set(operationId, new Set());
    const lacking = await stillLacking(reader, await readWaitsOf(reader, frontier));
    for (const wait of lacking) lacks.get(wait.operationId)?.add(referenceTo(wait));
    const found = await findHoldersOf(reader, new Set(lacking.map(referenceTo)));
    for (const [name, some] of found) holders.set(name, some);
    frontier = [...new Set([...found.values()].flat())].filter((operationId) => !lacks.has(operationId));
  }
  const closed = whoLackNothingElse(lacks, holders);
  const places = new Map(closed.map((operationId, at) => [operationId, at]));
  const waitsFor = closed.map((operationId) => [
    ...new Set([...lacks.get(operationId)!].flatMap((name) => placesOf(holders.get(name)!, places))),
  ]);
  return connectedGroups(waitsFor)
    .filter((group) => group.length > 1)
    .map((group) => group.map((at) => closed[at]!));
}

/** Those units of which everything that they lack is in one of these units. */
function whoLackNothingElse(
  lacks: ReadonlyMap<string, ReadonlySet<string>>,
  holders: ReadonlyMap<string, readonly string[]>,
): string[] {
  const left = new Set([...lacks.keys()]);
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const operationId of left) {
      const isHeld = (name: string) => holders.get(name)?.some((holder) => left.has(holder)) ?? false;
      if (![...lacks.get(operationId)!].every(isHeld)) left.delete(operationId);
    }
  }
  return [...left].filter((operationId) => lacks.get(operationId)!.size > 0);
}

function placesOf(operationIds: readonly string[], places: ReadonlyMap<string, number>): number[] {
  return operationIds.flatMap((operationId) => places.get(operationId) ?? []);
}
