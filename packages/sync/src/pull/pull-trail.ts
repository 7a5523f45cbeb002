import { type AuditDraft, appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import type { Clock, NodeId, Random } from "@tributary/kernel";
import { type FailedPullReason, noteFailedPull } from "./failed-pulls.ts";

/** Over which link something was pulled, and when. */
export interface PullPlace {
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** Notes a record that could not be taken in, with the trace of it. */
export async function notePullFailure(
  tx: Transaction,
  place: PullPlace,
  record: { readonly type: string; readonly id: string },
  remoteVersion: number,
  reason: FailedPullReason,
): Promise<void> {
  const { parent, clock, random, nodeId } = place;
  const { type, id } = record;
  await noteFailedPull(tx, parent, { type, id, remoteVersion, reason }, clock.now(), random);
  await appendAudit(tx, nodeId, [
    { ...auditOfPull(place, `${type}/${id}`, null, null, "parked"), operation: "failed-attempt", error: reason },
  ]);
}

/** The trace of one record that was pulled, or of what a pull did to all of them. */
export function auditOfPull(
  { parent, clock }: PullPlace,
  reference: string | null,
  versionBefore: number | null,
  versionAfter: number | null,
  outcome: string,
): AuditDraft {
  return {
    at: clock.now(),
    actor: parent,
    operation: "pull",
    reference,
    versionBefore,
    versionAfter,
    link: parent,
    operationId: null,
    outcome,
    error: null,
  };
}
