import {
  type Issue,
  type JsonObject,
  parseLossless,
  type StoredVersion,
  stringifyLossless,
  toStoredResource,
  validateResource,
} from "@tributary/fhir";
import type { Conflict, DecidedChange } from "./conflict.ts";
import { shapeOf } from "./merge/element-groups.ts";
import { differingGroups } from "./merge/fragment.ts";
import { putFragment } from "./put-fragment.ts";

/** What to decide a conflict for. `current` keeps what the record says now, however it came to say it. */
export type ConflictChoice =
  | { readonly take: "parent" | "child" | "current" }
  /**
   * A fragment as `parseLossless` reads it: `{ "birthDate": "1980-01-02" }`, `{ "name": [{ … }] }` in the place of the
   * contested items of a list, `{}` for nothing, a whole body for a whole record.
   */
  | { readonly value: JsonObject };

/** The edit that a decision is, and what it changes; `keep` when the record says already what was decided. */
export type DecisionPlan =
  | {
      readonly kind: "save";
      readonly body: string;
      readonly resource: JsonObject;
      readonly change: DecidedChange;
    }
  | { readonly kind: "delete"; readonly change: DecidedChange }
  | { readonly kind: "keep" };

/** Why a decision cannot be made as it is. */
export type DecisionRefusal =
  /** The record would not be valid, or the value is no value of this element. */
  | { readonly kind: "invalid"; readonly issues: readonly Issue[] }
  /** The record, or the part of it that the element belongs to, is not there any more; `current` can still be taken. */
  | { readonly kind: "element-gone" }
  /** The record is not this node's to write: it comes from the parent only, or its patient has left the catchment. */
  | { readonly kind: "foreign"; readonly diagnostics: string };

/** Works out what a decision makes of a record as it stands now. */
export function planDecision(
  { type, id, element }: Conflict,
  choice: ConflictChoice,
  current: StoredVersion,
): DecisionPlan | DecisionRefusal {
  if ("take" in choice && choice.take === "current") return { kind: "keep" };
  const chosen = "value" in choice ? choice.value : choice.take === "parent" ? element.mine : element.theirs;
  const before = current.body === undefined ? undefined : (parseLossless(current.body) as JsonObject);
  if (element.path === type) {
    if (chosen !== undefined) {
      const after = toStoredResource({ ...chosen }, id);
      return planSave(before, after, type, { before: before ?? null, after });
    }
    return before ? { kind: "delete", change: { before, after: null } } : { kind: "keep" };
  }
  if (current.body === undefined) return { kind: "element-gone" };
  const edited = parseLossless(current.body) as JsonObject;
  const put = putFragment(edited, type, element, chosen);
  switch (put.kind) {
    case "gone":
      return { kind: "element-gone" };
    case "misfit":
      return refused(`The value has ${put.member}, which is not what ${element.path} is made of.`);
    case "put": {
      const change = { before: put.replaced ?? null, after: chosen ?? null };
      return planSave(before, toStoredResource(edited, id), type, change);
    }
  }
}

/** Works out the edit that makes a valid record of one content out of one of another content. */
export function planSave(
  before: JsonObject | undefined,
  after: JsonObject,
  type: string,
  change: DecidedChange,
): DecisionPlan | DecisionRefusal {
  const body = stringifyLossless(after);
  const resource = JSON.parse(body) as JsonObject;
  const issues = validateResource(resource, { expectedType: type }).filter(
    ({ severity }) => severity === "error" || severity === "fatal",
  );
  if (issues.length > 0) return { kind: "invalid", issues };
  if (before && differingGroups(shapeOf(type), before, after).length === 0) return { kind: "keep" };
  return { kind: "save", body, resource, change };
}

function refused(diagnostics: string): DecisionRefusal {
  return { kind: "invalid", issues: [{ severity: "error", code: "structure", diagnostics }] };
}
