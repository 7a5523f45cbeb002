import { hash } from "node:crypto";
import { appendAudit, listAudit } from "@tributary/audit";
import type { Database } from "@tributary/database";
import type { Clock } from "@tributary/kernel";
import type { NodeConfig } from "../config/config-schema.ts";

/** Digits of the digest by which one configuration is told from another; none of its values can be read out of them. */
const digestDigits = 16;

/**
 * Enters in the audit trail that the node works with another configuration than before, by its digest; the same one again
 * leaves no trace. Whoever keeps the files of old configurations can tell which one it was.
 */
export async function noteConfiguration(database: Database, config: NodeConfig, clock: Clock): Promise<void> {
  const digest = hash("sha256", JSON.stringify(config), "hex").slice(0, digestDigits);
  await database.transaction(async (tx) => {
    const { entries } = await listAudit(tx, { node: config.node.id, outcome: "configuration" }, { limit: 1 });
    if (entries[0]?.operationId === digest) return;
    await appendAudit(tx, config.node.id, [
      {
        at: clock.now(),
        actor: config.node.id,
        operation: "configure",
        reference: null,
        versionBefore: null,
        versionAfter: null,
        link: null,
        operationId: digest,
        outcome: "configuration",
        error: null,
      },
    ]);
  });
}
