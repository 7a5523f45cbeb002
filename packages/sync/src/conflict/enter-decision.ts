import { appendAudit, auditDraft } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import { newUuid } from "@tributary/kernel";
import type { Conflict } from "./conflict.ts";
import type { Decision, DecisionHead } from "./decide/decision.ts";
import { queueDecision } from "./decide/decision-queue.ts";
import type { ResolveOptions } from "./resolve-options.ts";

/** What somebody did about a conflict here. */
export interface Deed {
  readonly at: number;
  readonly author: string;
  /** The record's versions; `null` when it was not looked at. */
  readonly versionBefore: number | null;
  readonly versionAfter: number | null;
  /** How it ended, in the words of the audit trail. */
  readonly outcome: string;
}

/**
 * Enters what somebody did about a conflict in the audit trail. Where the conflict stands at a parent, it is queued for
 * it too, and told once the parent has the record in the version that came of it.
 */
export async function enterDecision(
  tx: Transaction,
  { nodeId, clock, random }: ResolveOptions,
  { conflictId, type, id, link }: Conflict,
  { at, author, versionBefore, versionAfter, outcome }: Deed,
  decisionOf: (head: DecisionHead) => Decision,
): Promise<void> {
  await appendAudit(tx, nodeId, [
    auditDraft({
      at,
      actor: author,
      operation: "resolve",
      reference: `${type}/${id}`,
      versionBefore,
      versionAfter,
      operationId: conflictId,
      outcome,
    }),
  ]);
  if (link === null) return;
  const decision = decisionOf({ decisionId: newUuid(clock, random), conflictId, at, by: author, node: nodeId });
  await queueDecision(tx, link, { decision, type, id, version: versionAfter ?? 0 });
}
