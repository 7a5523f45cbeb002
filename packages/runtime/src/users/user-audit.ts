import { appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";

/** Who does something to users, at which node, and when. */
export interface UserActor {
  readonly nodeId: string;
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Enters in the trail what was done to a user; nothing of a password ever stands there. */
export async function auditUser(tx: Transaction, actor: UserActor, name: string, outcome: string): Promise<void> {
  await appendAudit(tx, actor.nodeId, [
    {
      at: actor.now,
      actor: actor.author,
      operation: "configure",
      reference: null,
      versionBefore: null,
      versionAfter: null,
      link: null,
      operationId: name,
      outcome,
      error: null,
    },
  ]);
}
