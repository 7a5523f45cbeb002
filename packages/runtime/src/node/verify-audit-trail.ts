import { type ChainVerdict, sealAuditEntries, verifyAuditChain } from "@tributary/audit";
import type { Database } from "@tributary/database";

/**
 * Walks a node's whole audit trail and names the first place that was altered or is missing. What has been committed
 * since the node last sealed its trail is given its place first, so that nothing is left out of the verdict.
 */
export async function verifyAuditTrail(database: Database): Promise<ChainVerdict> {
  let sealed: number;
  do sealed = await sealAuditEntries(database);
  while (sealed > 0);
  return verifyAuditChain(database);
}
