import type { Transaction } from "@tributary/database";
import { reopenConflict } from "./change-conflict.ts";
import type { Conflict } from "./conflict.ts";
import { enterDecision } from "./enter-decision.ts";
import { type LockedConflict, lockConflict } from "./lock-conflict.ts";
import type { DecisionPlan, DecisionRefusal } from "./plan-decision.ts";
import { planReturn } from "./plan-return.ts";
import { refuseForeign } from "./refuse-foreign.ts";
import { carryOut, keptReason } from "./resolve-conflict.ts";
import type { ResolveOptions } from "./resolve-options.ts";

/** Which decision is taken back, by whom and why. */
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
  /** The record would not be valid with what it said before, or is not this node's to write. */
  | Extract<DecisionRefusal, { readonly kind: "invalid" | "foreign" }>
  | Exclude<LockedConflict, { readonly kind: "locked" }>
  | { readonly kind: "reason-refused" };

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
  const { store, nodeId, clock } = options;
  const { conflictId, author, isKeepingValue } = request;
  const reason = keptReason(request.reason);
  if (reason === undefined) return { kind: "reason-refused" };
  const locked = await lockConflict(tx, store, conflictId);
  if (locked.kind !== "locked") return locked;
  const { conflict, current } = locked;
  const { resolution } = conflict;
  if (conflict.state === "open") return { kind: "already-open", conflict };
  if (conflict.state !== "resolved" || !resolution) return { kind: "not-decided-by-anybody", conflict };

  const { change } = resolution;
  if (change === undefined && !isKeepingValue) return { kind: "value-unknown" };
  const plan = await refuseForeign(
    tx,
    isKeepingValue || !change ? keep : planReturn(conflict, change, current),
    current,
  );
  if (plan.kind === "invalid" || plan.kind === "foreign") return plan;
  if (plan.kind === "element-gone") return { kind: "edited-since", version: current.version };
  const version = await carryOut(tx, store, plan, { current, author });
  const at = clock.now();
  const undone = { at, by: author, node: nodeId, reason };
  const reopened = await reopenConflict(tx, store.bus, { ...conflict, resolution }, undone);
  const deed = { at, author, versionBefore: current.version, versionAfter: version, outcome: "reopened" };
  const undoes = { at: resolution.at, by: resolution.by };
  await enterDecision(tx, options, reopened, deed, (head) => ({ ...head, kind: "reopen", reason, undoes }));
  return { kind: "undone", conflict: reopened, isChanged: version !== current.version };
}

const keep: DecisionPlan = { kind: "keep" };
