import type { Transaction } from "@tributary/database";
import type { JsonObject, StoredVersion } from "@tributary/fhir";
import { knownToChild } from "../catchment/serve/known-to-child.ts";
import { literalReferences } from "./literal-references.ts";
import { findEarlierWaits } from "./parked-units.ts";
import type { PushedRecord, PushUnit } from "./push-unit.ts";
import type { UnitContent } from "./unit-content.ts";

/** A unit whose content is valid, and the versions of its records that are here, by `Type/id`. */
interface Arrived {
  readonly units: ReadonlyMap<PushUnit, UnitContent>;
  readonly current: ReadonlyMap<string, StoredVersion>;
  /** What comes in the same transaction. */
  readonly arriving?: ReadonlySet<string> | undefined;
}

/**
 * What units wait for, by unit; those that lack nothing are absent. A unit lacks what it refers to and never was here as
 * far as the child knows, apart from what a record referred to already in the version that is here: that has been taken without it once. It also
 * lacks what an earlier unit of the child with one of its records waits for.
 */
export async function missingTargets(
  tx: Transaction,
  child: string,
  { units, current, arriving = new Set() }: Arrived,
): Promise<ReadonlyMap<PushUnit, readonly string[]>> {
  const targets = new Map([...units].map(([unit, content]) => [unit, targetsOf(unit, content, current)]));
  const asked = new Set([...targets.values()].flatMap((names) => [...names]));
  const known = await knownToChild(tx, child, [...asked].map(keyOf));
  const earlier = await findEarlierWaits(tx, child, [...units.keys()]);
  const missing = new Map<PushUnit, readonly string[]>();
  for (const [unit, content] of units) {
    const unknown = new Set([...targets.get(unit)!].filter((name) => !known.has(name)));
    const names = new Set([...newlyNamed(content, unknown, current), ...(earlier.get(unit.operationId) ?? [])]);
    for (const name of arriving) names.delete(name);
    if (names.size > 0) missing.set(unit, [...names]);
  }
  return missing;
}

/** The records of a unit that were deleted below before they were ever seen here. */
export function unbornOf({ records }: PushUnit, current: ReadonlyMap<string, StoredVersion>): PushedRecord[] {
  return records.filter(({ type, id, body }) => body === null && !current.has(`${type}/${id}`));
}

/** What a unit refers to that is not in it and of which it is not yet known whether it is here. */
function targetsOf(
  unit: PushUnit,
  content: UnitContent,
  current: ReadonlyMap<string, StoredVersion>,
): ReadonlySet<string> {
  const targets = new Set<string>();
  for (const resource of content.values()) for (const name of literalReferences(resource)) targets.add(name);
  for (const { type, id } of unbornOf(unit, current)) targets.delete(`${type}/${id}`);
  for (const name of targets) if (content.has(name) || current.has(name)) targets.delete(name);
  return targets;
}

function newlyNamed(
  content: UnitContent,
  unknown: ReadonlySet<string>,
  current: ReadonlyMap<string, StoredVersion>,
): ReadonlySet<string> {
  const isNew = new Set<string>();
  if (unknown.size === 0) return isNew;
  for (const [name, resource] of content) {
    const body = current.get(name)?.body;
    const before = body === undefined ? undefined : literalReferences(JSON.parse(body) as JsonObject);
    for (const target of literalReferences(resource)) {
      if (unknown.has(target) && !before?.has(target)) isNew.add(target);
    }
  }
  return isNew;
}

function keyOf(name: string): { readonly type: string; readonly id: string } {
  const [type = "", id = ""] = name.split("/");
  return { type, id };
}
