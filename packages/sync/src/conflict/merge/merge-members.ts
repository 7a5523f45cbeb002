import { isJsonObject, type JsonObject, type JsonValue } from "@tributary/fhir";
import { type ElementGroup, shapeOf, type TypeShape } from "./element-groups.ts";
import { differingGroups, equalGroup, fragmentOf, replaceGroup } from "./fragment.ts";
import { mergeList } from "./merge-list.ts";
import { contest, type Decision, decide, type MergeRun, reasonOf } from "./merge-run.ts";
import type { Clash } from "./policy/merge-policy.ts";
import { sideToShow } from "./policy/side-to-show.ts";

/** Both sides of an object, and what it was; without a base every difference is contested. */
export interface ObjectSides {
  readonly base: JsonObject | undefined;
  readonly mine: JsonObject;
  readonly theirs: JsonObject;
}

/**
 * Merges an object member by member. What equals mine is mine itself, members stand in my order and new ones behind
 * them, and unchanged parts are shared with what was handed in.
 */
export function mergeMembers(shape: TypeShape, path: string, sides: ObjectSides, run: MergeRun): JsonObject {
  const { base, mine, theirs } = sides;
  let merged = mine;
  for (const group of differingGroups(shape, base ?? mine, theirs)) {
    const source = sourceOf(group, path, sides, run);
    if (source === mine) continue;
    if (merged === mine) merged = { ...mine };
    replaceGroup(group, merged, source);
  }
  return merged;
}

/** The object whose members of a group, which they have changed, stand in the merged one. */
function sourceOf(group: ElementGroup, path: string, sides: ObjectSides, run: MergeRun): JsonObject | undefined {
  const { base, mine, theirs } = sides;
  // Of `meta` even a one-sided change is taken member by member, since its version members never travel.
  if (group.typeName === "Meta") return mergeGroup(group, `${path}.${group.name}`, sides, run) ?? theirs;
  if (base !== undefined && equalGroup(group, base, mine)) return theirs;
  if (equalGroup(group, mine, theirs)) return mine;

  const fragments = {
    base: fragmentOf(group, base),
    mine: fragmentOf(group, mine),
    theirs: fragmentOf(group, theirs),
  };
  const because = reasonOf(fragments, base !== undefined);
  const clash: Clash = {
    type: run.type,
    elements: group.elements,
    path: `${path}.${group.name}`,
    because,
    ...fragments,
  };
  const decision = decide(run, run.policies.ofElement(run.type, group.path), clash, group.path);
  if (decision.kind !== "merge") return sourceFrom(decision, sides);
  const merged = mergeGroup(group, clash.path, sides, run);
  if (merged) return merged;
  return sourceFrom(contest(run, clash, sideToShow(run.type, group.path, clash)), sides);
}

/** The fragment that a group comes to when its parts can be told apart; `undefined` when they cannot. */
function mergeGroup(group: ElementGroup, path: string, sides: ObjectSides, run: MergeRun): JsonObject | undefined {
  switch (group.kind) {
    case "atomic":
      return undefined;
    case "members":
      return mergeObject(group, path, sides, run);
    case "list":
    case "set":
      return mergeItems(group, path, sides, run);
  }
}

function mergeObject(group: ElementGroup, path: string, sides: ObjectSides, run: MergeRun): JsonObject | undefined {
  const { name, typeName = "" } = group;
  const absent = typeName === "Meta" ? {} : undefined;
  const base = sides.base && (sides.base[name] ?? absent);
  const mine = sides.mine[name] ?? absent;
  const theirs = sides.theirs[name] ?? absent;
  if (!isJsonObject(mine) || !isJsonObject(theirs)) return undefined;
  if (sides.base !== undefined && !isJsonObject(base)) return undefined;
  const merged = mergeMembers(
    shapeOf(typeName),
    path,
    { base: isJsonObject(base) ? base : undefined, mine, theirs },
    run,
  );
  return Object.keys(merged).length > 0 ? { [name]: merged } : {};
}

function mergeItems(group: ElementGroup, path: string, sides: ObjectSides, run: MergeRun): JsonObject | undefined {
  const { name } = group;
  // The extensions of bare values stand in a list of their own, side by side with them; such a pair stays together.
  if (
    group.members.some(
      (member) => member !== name && [sides.base, sides.mine, sides.theirs].some((one) => one?.[member]),
    )
  ) {
    return undefined;
  }
  const base = listOf(sides.base?.[name]);
  const mine = listOf(sides.mine[name]);
  const theirs = listOf(sides.theirs[name]);
  if (!base || !mine || !theirs) return undefined;
  const isBaseKnown = sides.base !== undefined;
  const merged = mergeList({ group, path, base, mine, theirs, isBaseKnown }, run, mergeMembers);
  return merged.length > 0 ? { [name]: merged } : {};
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : undefined;
}

function sourceFrom(
  decision: Exclude<Decision, { kind: "merge" }>,
  { mine, theirs }: ObjectSides,
): JsonObject | undefined {
  if (decision.kind === "fragment") return decision.fragment;
  return decision.side === "mine" ? mine : theirs;
}
