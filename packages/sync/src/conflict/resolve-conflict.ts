import type { Transaction } from "@tributary/database";
import type { ResourceStore, StoredVersion } from "@tributary/fhir";
import { closeConflict, supersedeOlder } from "./change-conflict.ts";
import type { Conflict, DecidedFor, Resolution } from "./conflict.ts";
import { enterDecision } from "./enter-decision.ts";
import { type LockedConflict, lockConflict } from "./lock-conflict.ts";
import { type ConflictChoice, type DecisionPlan, type DecisionRefusal, planDecision } from "./plan-decision.ts";
import { refuseForeign } from "./refuse-foreign.ts";
import type { ResolveOptions } from "./resolve-options.ts";
import { versionAfter } from "./version-after.ts";

/** A decision about a conflict, and who makes it. */
export interface ResolveRequest {
  readonly conflictId: string;
  readonly choice: ConflictChoice;
  /** Why; 1 to `reasonLengthMax` characters. It is kept with the conflict, at both ends, and nowhere else. */
  readonly reason: string;
  /** The user who decides. */
  readonly author: string;
}

/** What came of deciding a conflict. All but `resolved` have changed nothing. */
export type ResolveOutcome =
  /** `isChanged` is false when the record said already what was decided. */
  | { readonly kind: "resolved"; readonly conflict: Conflict; readonly isChanged: boolean }
  /** Somebody, or a rule, has decided before; the conflict tells who and how. */
  | { readonly kind: "already-resolved"; readonly conflict: Conflict }
  | Exclude<LockedConflict, { readonly kind: "locked" }>
  | { readonly kind: "reason-refused" }
  | DecisionRefusal;

/** Long enough for two sentences and a file number; a reason is no place for a record. */
export const reasonLengthMax = 500;

/**
 * Decides a conflict: puts the chosen value of the contested element into the record as it is now, as an ordinary edit
 * of this node, and closes the row, with its audit entry, in the caller's transaction. All else in the record stays,
 * younger conflicts of it included. What was typed into the element by hand since gives way to the choice, and the older
 * open conflicts of the element are superseded by it.
 *
 * Where the conflict stands at a parent, the decision waits in a queue, durable in the same transaction, until the edit
 * has reached the parent, and closes the parent's row then.
 *
 * To do it again changes nothing and answers `already-resolved`.
 */
export async function resolveConflict(
  tx: Transaction,
  options: ResolveOptions,
  request: ResolveRequest,
): Promise<ResolveOutcome> {
  const { store, nodeId, clock } = options;
  const { conflictId, choice, author } = request;
  const reason = keptReason(request.reason);
  if (reason === undefined) return { kind: "reason-refused" };
  const locked = await lockConflict(tx, store, conflictId);
  if (locked.kind !== "locked") return locked;
  const { conflict, current } = locked;
  if (conflict.state !== "open") return { kind: "already-resolved", conflict };

  const plan = await refuseForeign(tx, planDecision(conflict, choice, current), current);
  if (plan.kind === "invalid" || plan.kind === "element-gone" || plan.kind === "foreign") return plan;
  const version = await carryOut(tx, store, plan, { current, author });
  const at = clock.now();
  const change = plan.kind === "keep" ? null : plan.change;
  const resolution: Resolution = { at, by: author, node: nodeId, reason, choice: nameOf(choice), version, change };
  const closed = await closeConflict(tx, store.bus, conflict, resolution);
  await supersedeOlder(tx, store.bus, closed, isForDeletion(closed, resolution.choice));
  const outcome = plan.kind === "keep" ? "unchanged" : "applied";
  const deed = { at, author, versionBefore: current.version, versionAfter: version, outcome };
  await enterDecision(tx, options, closed, deed, (head) => ({
    ...head,
    kind: "resolve",
    reason,
    choice: resolution.choice,
    change,
  }));
  return { kind: "resolved", conflict: closed, isChanged: version !== current.version };
}

/** A reason as it is kept; `undefined` when it says nothing or too much. */
export function keptReason(given: string): string | undefined {
  const reason = given.trim();
  return reason === "" || reason.length > reasonLengthMax ? undefined : reason;
}

/** Tells whether a choice means that the whole record is to be deleted. */
export function isForDeletion({ element, type }: Conflict, choice: DecidedFor): boolean {
  if (element.path !== type) return false;
  return (choice === "parent" && !element.mine) || (choice === "child" && !element.theirs);
}

/** Makes the edit that was planned, if it is one. Returns the record's version from then on. */
export async function carryOut(
  tx: Transaction,
  store: ResourceStore,
  plan: DecisionPlan,
  { current, author }: { readonly current: StoredVersion; readonly author: string },
): Promise<number> {
  if (plan.kind === "keep") return current.version;
  const { key } = current;
  const [outcome] = await store.write(tx, [{ key, author, ...editOf(plan) }]);
  return versionAfter(outcome, current);
}

function editOf(plan: Exclude<DecisionPlan, { kind: "keep" }>) {
  if (plan.kind === "delete") return { kind: plan.kind };
  const { kind, body, resource } = plan;
  return { kind, body, resource };
}

function nameOf(choice: ConflictChoice): DecidedFor {
  return "take" in choice ? choice.take : "value";
}
