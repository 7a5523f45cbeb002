import { appendAudit } from "@tributary/audit";
import type { Reader, Transaction } from "@tributary/database";
import { assert, type NodeId } from "@tributary/kernel";
import { readParentLink } from "../enrolment/parent-link.ts";
import { makeFailedPullDue } from "../pull/failed-pulls.ts";
import { readLinkBases } from "../pull/link-base.ts";
import type { OwnChange } from "../push/gather-units.ts";
import {
  dropQueuedUnit,
  queueOwnChangesWithin,
  type RefusedUnit,
  readRefusedUnits,
  requeueRefusedUnit,
} from "../push/push-queue.ts";
import { auditOfFailure } from "./audit-failure.ts";
import { type Failure, parseFailureId } from "./failure.ts";
import { listFailures, readFailure } from "./list-failures.ts";

/** Who acts on a failure, and when. */
export interface FailureActor {
  readonly nodeId: NodeId;
  /** The user, for the audit trail. */
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Failures dealt with in one step of a bulk retry. */
const failuresPerStep = 500;

/**
 * Has a failure tried again in the next round: a record of the parent is due at once, and a refused unit goes back into
 * the queue, under a new name and with what its records hold now. Returns the failure, or `undefined` when it is not (or
 * no longer) on the list.
 */
export async function retryFailure(
  tx: Transaction,
  failureId: string,
  actor: FailureActor,
): Promise<Failure | undefined> {
  const link = await readParentLink(tx);
  const name = parseFailureId(failureId);
  if (!link || !name) return undefined;
  const failure = await readFailure(tx, failureId);
  if (!failure) return undefined;
  if (name.kind === "pull") await makeFailedPullDue(tx, link.parent, name, actor.now);
  else await retryUnit(tx, link.parent, name.firstCounter, actor.nodeId);
  await appendAudit(tx, actor.nodeId, auditOfFailure(failure, link.parent, actor, { outcome: "retried", error: null }));
  return failure;
}

/** Has everything on the list tried again, in the caller's one transaction. Returns how many failures that were. */
export async function retryAllFailures(tx: Transaction, actor: FailureActor): Promise<number> {
  let retried = 0;
  let after: string | undefined;
  for (;;) {
    const some = await listFailures(tx, { limit: failuresPerStep, ...(after === undefined ? {} : { after }) });
    for (const { failureId } of some) if (await retryFailure(tx, failureId, actor)) retried += 1;
    after = some.at(-1)?.failureId;
    if (some.length < failuresPerStep) return retried;
  }
}

async function retryUnit(tx: Transaction, parent: string, firstCounter: number, node: NodeId): Promise<void> {
  // What has been edited since is gathered first: that alone puts a unit back into the queue.
  await queueOwnChangesWithin(tx, parent, node, () => {
    assert(false, "a node that was refused a unit has pushed before");
  });
  const [unit] = await readRefusedUnits(tx, parent, firstCounter - 1, 1);
  if (unit?.history.firstCounter !== firstCounter) return;
  const changes = await notSuperseded(tx, parent, unit);
  if (changes.length > 0) await requeueRefusedUnit(tx, parent, node, unit, changes);
  else await dropQueuedUnit(tx, parent, unit.counter);
}

/** Leaves out what a later version has overtaken that both ends have agreed on. */
async function notSuperseded(reader: Reader, parent: string, { changes }: RefusedUnit): Promise<OwnChange[]> {
  const bases = await readLinkBases(reader, parent, changes);
  return changes.filter(({ type, id, version }) => version > (bases.get(`${type}/${id}`)?.localVersion ?? 0));
}
