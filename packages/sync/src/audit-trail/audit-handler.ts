import { type AuditDraft, appendAudit, auditDraft, type TrailSegment, takeSegment } from "@tributary/audit";
import type { Database, Transaction } from "@tributary/database";
import { type Clock, isErrorCode, type NodeId } from "@tributary/kernel";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { readChildNode } from "../enrolment/child-nodes.ts";
import { jsonAnswer, refusal } from "../line/json-answer.ts";
import { parseTrailMessage, type SegmentAnswer } from "./trail-message.ts";

export interface AuditHandlerOptions {
  readonly database: Database;
  readonly nodeId: NodeId;
  readonly clock: Clock;
}

/**
 * The parent's side of the audit trail: takes what each segment adds, a transaction a segment, and answers how far it is.
 * What it refuses, and that a node began a further chain, is entered in its own trail in the same transaction.
 */
export function createAuditHandler({ database, nodeId, clock }: AuditHandlerOptions): ChildHandler {
  return async (request, child) => {
    let segments: TrailSegment[];
    try {
      segments = parseTrailMessage(request.body);
    } catch (error) {
      if (!isErrorCode(error, "REMOTE_NONSENSE")) throw error;
      return refusal(400, "REMOTE_REFUSED", error.message);
    }
    const answers: SegmentAnswer[] = [];
    for (const segment of segments) {
      const told = { segment, child: child.node, nodeId, now: clock.now() };
      answers.push(await database.transaction((tx) => answerTo(tx, told)));
    }
    return jsonAnswer(200, { segments: answers });
  };
}

interface Told {
  readonly segment: TrailSegment;
  readonly child: string;
  readonly nodeId: NodeId;
  readonly now: number;
}

async function answerTo(tx: Transaction, told: Told): Promise<SegmentAnswer> {
  const { segment, child, nodeId, now } = told;
  if (!(await mayTell(tx, told))) {
    return { kind: "refused", reason: `The trail of ${segment.node} is not taken from ${child}.` };
  }
  const outcome = await takeSegment(tx, segment, { via: child, now });
  switch (outcome.kind) {
    case "taken":
      if (outcome.isFurther)
        await appendAudit(tx, nodeId, [entryOf(told, segment.after.position + 1, "further-chain")]);
      return { kind: "taken", position: outcome.position };
    case "behind":
      return outcome;
    case "broken":
      if (outcome.isNew) await appendAudit(tx, nodeId, [entryOf(told, outcome.position, "rejected")]);
      return { kind: "broken", code: "AUDIT_CHAIN_BROKEN", position: outcome.position };
    case "too-many":
      return { kind: "refused", reason: `There are too many chains of ${segment.node} already.` };
  }
}

/** A child speaks for itself, and for whoever is no child of this node: those are below it. */
async function mayTell(tx: Transaction, { segment, child, nodeId }: Told): Promise<boolean> {
  if (segment.node === child) return true;
  if (segment.node === nodeId) return false;
  const enrolled = await readChildNode(tx, segment.node);
  return enrolled === undefined || enrolled.revokedAt !== null;
}

function entryOf({ segment, child, now }: Told, position: number, outcome: "rejected" | "further-chain"): AuditDraft {
  return auditDraft({
    at: now,
    actor: segment.node,
    operation: outcome === "rejected" ? "failed-attempt" : "audit",
    link: child,
    operationId: `${segment.chain}:${position}`,
    outcome,
    error: outcome === "rejected" ? "AUDIT_CHAIN_BROKEN" : null,
  });
}
