import { type JsonObject, type JsonValue, parseLossless, type StoredVersion, toStoredResource } from "@tributary/fhir";
import type { Conflict, DecidedChange } from "./conflict.ts";
import { canonicalText } from "./merge/content/canonical-text.ts";
import type { ContestedElement } from "./merge/contested-element.ts";
import { shapeOf } from "./merge/element-groups.ts";
import { differingGroups } from "./merge/fragment.ts";
import { type DecisionPlan, type DecisionRefusal, planSave } from "./plan-decision.ts";
import { putFragment } from "./put-fragment.ts";

/** Works out the edit that brings back what stood there; `element-gone` when what was decided stands there no more. */
export function planReturn(
  { type, id, element }: Conflict,
  { before, after }: DecidedChange,
  current: StoredVersion,
): DecisionPlan | DecisionRefusal {
  const now = current.body === undefined ? undefined : (parseLossless(current.body) as JsonObject);
  const back = { before: after, after: before };
  if (element.path === type) {
    const isAsDecided = now && after ? differingGroups(shapeOf(type), after, now).length === 0 : !now && !after;
    if (!isAsDecided) return { kind: "element-gone" };
    if (before) return planSave(now, toStoredResource({ ...before }, id), type, back);
    return now ? { kind: "delete", change: back } : { kind: "keep" };
  }
  if (current.body === undefined) return { kind: "element-gone" };
  const edited = parseLossless(current.body) as JsonObject;
  if (!putBack(edited, type, element, { before, after })) return { kind: "element-gone" };
  return planSave(now, toStoredResource(edited, id), type, back);
}

/**
 * Puts what stood in an element back where what was decided stands now, in `body`, which is changed. `false`, with a body
 * that is of no use any more, when something else stands there, or when it cannot be told from another place.
 */
export function putBack(
  body: JsonObject,
  type: string,
  element: ContestedElement,
  { before, after }: DecidedChange,
): boolean {
  const shown = element.shown === "both" ? ("both" as const) : ("mine" as const);
  const decided: ContestedElement = { ...element, mine: after ?? undefined, theirs: undefined, shown };
  const put = putFragment(body, type, decided, before ?? undefined);
  return put.kind === "put" && !put.isGuess && sameContent(put.replaced, after);
}

/** Whether two fragments say the same; items of a list in any order, and none of them like no list. */
function sameContent(one: JsonObject | undefined, other: JsonObject | null): boolean {
  const contentOf = (fragment: JsonObject | null | undefined) =>
    Object.entries(fragment ?? {})
      .map(([name, value]) => [name, itemsOf(value)] as const)
      .filter(([, items]) => items.length > 0)
      .map(([name, items]) => `${name}=${items.join()}`)
      .toSorted();
  return contentOf(one).join() === contentOf(other).join();
}

function itemsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.map(canonicalText).toSorted() : [canonicalText(value)];
}
