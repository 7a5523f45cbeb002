import { appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import type { JsonObject } from "@tributary/fhir";
import { assert, type NodeId } from "@tributary/kernel";
import { releaseDecision } from "../conflict/decide/refused-decisions.ts";
import { readParentLink } from "../enrolment/parent-link.ts";
import { makeFailedPullDue } from "../pull/failed-pulls.ts";
import { literalReferences } from "../push/literal-references.ts";
import { queueOwnChangesWithin } from "../push/queue/queue-own-changes.ts";
import type { FailedUnit } from "../push/queue/queued-unit.ts";
import { readFailedUnits } from "../push/queue/read-units.ts";
import { makeUnitDue } from "../push/queue/unit-state.ts";
import { sendRefusedAgain } from "../push/revive-after-upgrade.ts";
import { auditOfFailure } from "./audit-failure.ts";
import { type FailureSelection, forEachFailure } from "./each-failure.ts";
import { type FailureAlone, parseFailureId } from "./failure.ts";
import { findFailure } from "./list-failures.ts";

/** Who acts on a failure, and when. */
export interface FailureActor {
  readonly nodeId: NodeId;
  /** The user, for the audit trail. */
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Has a failure tried again in the next round: a record of the parent is due at once, a refused unit goes back into the
 * queue, under a new name and with what its records hold now, the parent is asked about a parked one, and one that was
 * stepped over is sent; so is a decision that the parent refused. Returns the failure, or `undefined` when it is not (or no longer) on the list.
 */
export async function retryFailure(
  tx: Transaction,
  failureId: string,
  actor: FailureActor,
): Promise<FailureAlone | undefined> {
  const link = await readParentLink(tx);
  const name = parseFailureId(failureId);
  if (!link || !name) return undefined;
  const failure = await findFailure(tx, failureId);
  if (!failure) return undefined;
  switch (name.kind) {
    case "pull":
      await makeFailedPullDue(tx, link.parent, name, actor.now);
      break;
    case "push":
      await retryUnit(tx, link.parent, name.firstCounter, actor.nodeId);
      break;
    case "decision":
      await releaseDecision(tx, name.decisionId);
  }
  await appendAudit(tx, actor.nodeId, auditOfFailure(failure, link.parent, actor, { outcome: "retried", error: null }));
  return failure;
}

/** Has everything on the list tried again, or all of one class, in the caller's one transaction. Returns how many. */
export function retryAllFailures(
  tx: Transaction,
  actor: FailureActor,
  selection: FailureSelection = {},
): Promise<number> {
  return forEachFailure(tx, selection, (failureId) => retryFailure(tx, failureId, actor));
}

/** A version that was written in this very transaction, and is in the log only once that is committed. */
interface EditInHand {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly resource: JsonObject;
}

/**
 * Has a unit that failed sent again, or asked about, in the next round: a refused one with an edit in hand, if there is
 * one. What its records are edited to from then on joins it as long as it has not been sent.
 */
export async function retryUnit(
  tx: Transaction,
  parent: string,
  firstCounter: number,
  node: NodeId,
  edit?: EditInHand,
): Promise<void> {
  // What has been edited since is gathered first: that alone puts a refused unit back into the queue.
  await queueOwnChangesWithin(tx, parent, node, () => {
    assert(false, "a node of which a unit failed has pushed before");
  });
  const [unit] = await readFailedUnits(tx, parent, firstCounter - 1, 1);
  if (unit?.history.firstCounter !== firstCounter) return;
  if (unit.state === "refused") await sendRefusedAgain(tx, parent, node, edit ? withEdit(unit, edit) : unit);
  else await makeUnitDue(tx, parent, unit.counter);
}

function withEdit(unit: FailedUnit, { type, id, version, resource }: EditInHand): FailedUnit {
  const refersTo = [...literalReferences(resource)];
  const { transaction } = unit.changes[0]!;
  return { ...unit, changes: [...unit.changes, { type, id, version, transaction, refersTo }] };
}
