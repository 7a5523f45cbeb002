import { type NodeId, TributaryError } from "@tributary/kernel";
import { appendNodeAudit } from "@tributary/runtime";
import { revokeChildNode } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";

/** `tributary enrol --revoke NAME`: takes a child's access away at once, audited; a running parent notices by itself. */
export async function revoke(dir: string, name: string, terminal: Terminal): Promise<void> {
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const nodeId = config.node.id as NodeId;
  const { author, now } = operatorOf(nodeId, undefined, terminal);
  const isRevoked = await database.transaction(async (tx) => {
    if (!(await revokeChildNode(tx, name, now))) return false;
    await appendNodeAudit(tx, { nodeId, author, now }, { operation: "enrol", link: name, outcome: "revoked" });
    return true;
  });
  if (!isRevoked) {
    throw new TributaryError(
      "CONFIG_INVALID",
      `No child ${name} has access here; tributary status lists the children.`,
    );
  }
  terminal.print(
    `The node ${name} has no access any more; a new code (tributary enrol --new ${name}) lets it in again.`,
  );
}
