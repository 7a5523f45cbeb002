import type { Transaction } from "@tributary/database";
import { appendNodeAudit } from "../node/node-audit.ts";

/** Who does something to users, at which node, and when. */
export interface UserActor {
  readonly nodeId: string;
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Enters in the trail what was done to a user; nothing of a password ever stands there. */
export async function auditUser(tx: Transaction, actor: UserActor, name: string, outcome: string): Promise<void> {
  await appendNodeAudit(tx, actor, { operation: "configure", operationId: name, outcome });
}
