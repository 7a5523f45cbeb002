import { appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import { TributaryError } from "@tributary/kernel";
import { dropDecision } from "../conflict/decide/decision-queue.ts";
import { setAsideDecisionsOf } from "../conflict/decide/refused-decisions.ts";
import { plainReason } from "../control/plain-reason.ts";
import { readParentLink } from "../enrolment/parent-link.ts";
import { forgetFailedPulls } from "../pull/failed-pulls.ts";
import { lockPushMarker } from "../push/queue/push-marker.ts";
import { readFailedUnits } from "../push/queue/read-units.ts";
import { discardHeldUnit, dropQueuedUnit } from "../push/queue/unit-state.ts";
import { auditOfFailure } from "./audit-failure.ts";
import { type FailureSelection, forEachFailure } from "./each-failure.ts";
import { type FailureAlone, parseFailureId } from "./failure.ts";
import { findFailure } from "./list-failures.ts";
import type { FailureActor } from "./retry-failure.ts";

/**
 * Takes a failure off the list for good and keeps a trace of it, with the reason, in the audit trail. Every record stays
 * as it is here: what the parent refused is not undone, and a record of the parent comes when it next changes there. A
 * unit that the parent may have, parked or without a verdict, is taken back from it in the next round. What was decided about
 * a conflict by an edit in it is not told to the parent, and comes on the list itself.
 * Returns the failure, or `undefined` when it is not on the list. Throws `CONFIG_INVALID` when the reason is empty.
 */
export async function discardFailure(
  tx: Transaction,
  failureId: string,
  actor: FailureActor & { readonly reason: string },
): Promise<FailureAlone | undefined> {
  const reason = plainReason(actor.reason);
  if (reason === "") throw new TributaryError("CONFIG_INVALID", "A failure is discarded only with a reason.");
  const link = await readParentLink(tx);
  const name = parseFailureId(failureId);
  const failure = await findFailure(tx, failureId);
  if (!link || !name || !failure) return undefined;
  if (name.kind === "pull") await forgetFailedPulls(tx, link.parent, [name]);
  else if (name.kind === "decision") await dropDecision(tx, name.decisionId);
  else {
    await lockPushMarker(tx, link.parent);
    const [unit] = await readFailedUnits(tx, link.parent, name.firstCounter - 1, 1);
    if (unit?.state === "refused") await dropQueuedUnit(tx, link.parent, unit.counter);
    else if (unit) await discardHeldUnit(tx, link.parent, unit.counter);
    if (unit) await setAsideDecisionsOf(tx, link.parent, unit.changes, actor.now);
  }
  const trace = { outcome: "discarded", error: reason };
  await appendAudit(tx, actor.nodeId, auditOfFailure(failure, link.parent, actor, trace));
  return failure;
}

/** Takes everything off the list, or all of one class, in the caller's one transaction. Returns how many. */
export function discardAllFailures(
  tx: Transaction,
  actor: FailureActor & { readonly reason: string },
  selection: FailureSelection = {},
): Promise<number> {
  return forEachFailure(tx, selection, (failureId) => discardFailure(tx, failureId, actor));
}
