import { appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import { type JsonObject, type JsonValue, parseLossless, type StoredVersion, toStoredResource } from "@tributary/fhir";
import { newUuid } from "@tributary/kernel";
import { reopenConflict } from "./change-conflict.ts";
import type { Conflict, DecidedChange } from "./conflict.ts";
import { readConflict } from "./conflicts.ts";
import { queueDecision } from "./decide/decision-queue.ts";
import { canonicalText } from "./merge/content/canonical-text.ts";
import { shapeOf } from "./merge/element-groups.ts";
import { differingGroups } from "./merge/fragment.ts";
import { type DecisionPlan, type DecisionRefusal, planSave } from "./plan-decision.ts";
import { putFragment } from "./put-fragment.ts";
import { carryOut, type ResolveOptions, reasonLengthMax } from "./resolve-conflict.ts";

export interface UndoRequest {
  readonly conflictId: string;
  /** Why; 1 to `reasonLengthMax` characters, kept with the conflict at both ends. */
  readonly reason: string;
  /** The user who takes it back. */
  readonly author: string;
  /** Leaves the record as it is and opens the conflict only. */
  readonly isKeepingValue: boolean;
}

/** What came of taking a decision back; all but `undone` have changed nothing. */
export type UndoOutcome =
  /** `isChanged` is false when the record was left as it is. */
  | { readonly kind: "undone"; readonly conflict: Conflict; readonly isChanged: boolean }
  | { readonly kind: "already-open"; readonly conflict: Conflict }
  /** A rule decided it, or the decision of a younger conflict, which is the one to take back. */
  | { readonly kind: "not-decided-by-anybody"; readonly conflict: Conflict }
  /** The element says something else than was decided; who wants it back says what it is to be. */
  | { readonly kind: "edited-since"; readonly version: number }
  /** What stood there before the decision was not kept. */
  | { readonly kind: "value-unknown" }
  /** The record would not be valid with what it said before. */
  | Extract<DecisionRefusal, { readonly kind: "invalid" }>
  | { readonly kind: "record-absent" }
  | { readonly kind: "reason-refused" }
  | { readonly kind: "unknown" };

/**
 * Takes back what somebody decided about a conflict: puts what stood in the element before the decision into the record as
 * it is now, as an ordinary edit of this node, and opens the row again together with the older ones that the decision had
 * superseded, with its audit entry, in the caller's transaction. What has been edited in other elements stays.
 *
 * Where the conflict stands at a parent, it is told in order behind the decision, and opens the parent's row as soon as the
 * edit has reached it. To do it again changes nothing and answers `already-open`.
 */
export async function undoDecision(
  tx: Transaction,
  options: ResolveOptions,
  request: UndoRequest,
): Promise<UndoOutcome> {
  const { store, nodeId, clock, random } = options;
  const { conflictId, author, isKeepingValue } = request;
  const reason = request.reason.trim();
  if (reason === "" || reason.length > reasonLengthMax) return { kind: "reason-refused" };
  const seen = await readConflict(tx, conflictId);
  if (!seen) return { kind: "unknown" };

  const key = { type: seen.type, id: seen.id };
  const name = `${key.type}/${key.id}`;
  const current = (await store.readForChange(tx, [key])).get(name);
  if (!current) return { kind: "record-absent" };
  // Whoever held the record's lock may have opened it meanwhile.
  const conflict = (await readConflict(tx, conflictId)) ?? seen;
  const { resolution } = conflict;
  if (conflict.state === "open") return { kind: "already-open", conflict };
  if (conflict.state !== "resolved" || !resolution) return { kind: "not-decided-by-anybody", conflict };

  const { change } = resolution;
  if (change === undefined && !isKeepingValue) return { kind: "value-unknown" };
  const plan = isKeepingValue || !change ? keep : planReturn(conflict, change, current);
  if (plan.kind === "invalid") return plan;
  if (plan.kind === "element-gone") return { kind: "edited-since", version: current.version };
  const version = await carryOut(tx, store, plan, { current, author });
  const at = clock.now();
  await appendAudit(tx, nodeId, [
    {
      at,
      actor: author,
      operation: "resolve",
      reference: name,
      versionBefore: current.version,
      versionAfter: version,
      link: null,
      operationId: conflictId,
      outcome: "reopened",
      error: null,
    },
  ]);
  const undone = { at, by: author, node: nodeId, reason };
  const reopened = await reopenConflict(tx, store.bus, { ...conflict, resolution }, undone);
  if (conflict.link !== null) {
    const told = { decisionId: newUuid(clock, random), conflictId, at, by: author, node: nodeId };
    const undoes = { at: resolution.at, by: resolution.by };
    await queueDecision(tx, conflict.link, { decision: { ...told, kind: "reopen", reason, undoes }, ...key, version });
  }
  return { kind: "undone", conflict: reopened, isChanged: version !== current.version };
}

const keep: DecisionPlan = { kind: "keep" };

/** Works out the edit that brings back what stood there; `element-gone` when what was decided stands there no more. */
function planReturn(
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
    return now ? { kind: "delete", change: back } : keep;
  }
  if (current.body === undefined) return { kind: "element-gone" };
  const edited = parseLossless(current.body) as JsonObject;
  const decided = { ...element, mine: after ?? undefined, theirs: undefined };
  const shown = element.shown === "both" ? ("both" as const) : ("mine" as const);
  const put = putFragment(edited, type, { ...decided, shown }, before ?? undefined);
  if (put.kind !== "put" || !sameContent(put.replaced, after)) return { kind: "element-gone" };
  return planSave(now, toStoredResource(edited, id), type, back);
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
