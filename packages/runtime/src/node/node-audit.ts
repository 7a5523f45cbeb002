import { type AuditOperation, appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";

const reasonLengthMax = 200;

/** Something that an operator did to the node itself, or to its links. */
export interface NodeAct {
  readonly operation: AuditOperation;
  /** The other node concerned. */
  readonly link?: string;
  readonly operationId?: string;
  readonly outcome: string;
  /** What somebody gave as the reason; the trail keeps the first 200 characters. */
  readonly reason?: string;
}

/** Enters in the trail what an operator did to the node, in the transaction that does it. */
export async function appendNodeAudit(
  tx: Transaction,
  actor: { readonly nodeId: string; readonly author: string; readonly now: number },
  { operation, link, operationId, outcome, reason }: NodeAct,
): Promise<void> {
  await appendAudit(tx, actor.nodeId, [
    {
      at: actor.now,
      actor: actor.author,
      operation,
      reference: null,
      versionBefore: null,
      versionAfter: null,
      link: link ?? null,
      operationId: operationId ?? null,
      outcome,
      error: reason?.slice(0, reasonLengthMax) ?? null,
    },
  ]);
}
