import type { JsonObject } from "@tributary/fhir";
import { assert } from "@tributary/kernel";
import { type ContestedElement, inOrderOfPath } from "./contested-element.ts";
import { shapeOf } from "./element-groups.ts";
import { differingGroups } from "./fragment.ts";
import { keepValid } from "./keep-valid.ts";
import { mergeMembers, type ObjectSides } from "./merge-members.ts";
import { contest, type Decision, decide, type MergeRun } from "./merge-run.ts";
import type { Clash, PolicyRule } from "./policy/merge-policy.ts";
import { policyTableOf } from "./policy/policy-table.ts";

/** One version of a record: its body as `parseLossless` reads it, or that it was deleted. */
export type RecordSide = JsonObject | "deleted";

/** Two versions of one record, and the one that both were made from. */
export interface MergeInput {
  /** The version that both ends last agreed on. Without one, every difference is contested and nothing is guessed. */
  readonly base?: RecordSide | undefined;
  /** The parent's version. */
  readonly mine: RecordSide;
  /** The child's version, which arrives after the parent's. A child that merges calls the sides the same. */
  readonly theirs: RecordSide;
  /** The site's rules, asked before the default ones. Hand in the same list each time; it is indexed once. */
  readonly policies?: readonly PolicyRule[];
}

/** What a merge comes to. */
export interface MergeResult {
  /** What the record says now, on both ends; it shares its unchanged parts with what was handed in. */
  readonly merged: RecordSide;
  /** What both sides changed differently, in order of path; empty when everything merged. */
  readonly contested: readonly ContestedElement[];
}

const noRules: readonly PolicyRule[] = [];

/**
 * Merges two versions of one record by what each side changed since the base. What one side changed is taken whole,
 * disjoint changes are both taken, and what both changed differently is contested: the merged body shows one value and
 * `contested` keeps all three.
 *
 * The result depends on the arguments alone and is the same whichever side is called mine, but for the order of list
 * items and which value of a contested element is shown. Of two valid bodies comes a valid one. Decimals keep their
 * digits. `meta.versionId` and `meta.lastUpdated` are no content; the store cuts them out.
 */
export function mergeResources({ base, mine, theirs, policies = noRules }: MergeInput): MergeResult {
  if (mine === "deleted" || theirs === "deleted") return mergeWithDeletion(base, mine, theirs);
  const type = String(mine["resourceType"]);
  assert(theirs["resourceType"] === mine["resourceType"], "two versions of one record have one resource type");

  const sides: ObjectSides = { base: bodyOf(base), mine, theirs };
  const run: MergeRun = { type, policies: policyTableOf(policies), contested: [] };
  const whole = run.policies.ofRecord(type) === "merge" ? undefined : decideWhole(sides, run);
  const merged = keepValid(whole ?? mergeMembers(shapeOf(type), type, sides, run), sides, run);
  return { merged, contested: inOrderOfPath(run.contested) };
}

/** Takes the record as one thing; `undefined` when a strategy leaves it to its elements. */
function decideWhole(sides: ObjectSides, run: MergeRun): JsonObject | undefined {
  const { base, mine, theirs } = sides;
  if (isSame(mine, theirs) || (base !== undefined && isSame(base, theirs))) return mine;
  if (base !== undefined && isSame(base, mine)) return theirs;
  const because = base === undefined ? "no-base" : "both-changed";
  const clash: Clash = { type: run.type, elements: [], path: run.type, because, ...sides };
  return bodyFrom(decide(run, run.policies.ofRecord(run.type), clash, ""), sides);
}

function bodyFrom(decision: Decision, { mine, theirs }: ObjectSides): JsonObject | undefined {
  if (decision.kind === "merge") return undefined;
  if (decision.kind === "fragment") return decision.fragment ?? mine;
  return decision.side === "mine" ? mine : theirs;
}

/** A deletion stands if the other side left the record alone. Against an edit it never does, by no rule. */
function mergeWithDeletion(base: RecordSide | undefined, mine: RecordSide, theirs: RecordSide): MergeResult {
  const edited = bodyOf(mine) ?? bodyOf(theirs);
  if (edited === undefined) return { merged: "deleted", contested: [] };
  if (base === "deleted") return { merged: edited, contested: [] };
  if (base !== undefined && isSame(base, edited)) return { merged: "deleted", contested: [] };
  const type = String(edited["resourceType"]);
  const run: MergeRun = { type, policies: policyTableOf(noRules), contested: [] };
  const because = base === undefined ? "no-base" : "edit-and-removal";
  const values = { base, mine: bodyOf(mine), theirs: bodyOf(theirs) };
  contest(run, { type, elements: [], path: type, because, ...values }, mine === "deleted" ? "theirs" : "mine");
  return { merged: edited, contested: run.contested };
}

function bodyOf(side: RecordSide | undefined): JsonObject | undefined {
  return side === "deleted" ? undefined : side;
}

function isSame(left: JsonObject, right: JsonObject): boolean {
  return differingGroups(shapeOf(String(left["resourceType"])), left, right).length === 0;
}
