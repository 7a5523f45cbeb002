import {
  type ChainVerdict,
  type ForeignVerdict,
  sealAuditEntries,
  verifyAuditChain,
  verifyForeignChains,
} from "@tributary/audit";
import type { Database } from "@tributary/database";

/** What walking all the trails that a node holds found. */
export interface TrailVerdict {
  /** About the node's own trail. */
  readonly own: ChainVerdict;
  /** About each chain that other nodes told, by node. */
  readonly others: readonly ForeignVerdict[];
  /** Whether all are intact, and no node has told something else than before that nobody has acknowledged. */
  readonly isSound: boolean;
}

/**
 * Walks every audit trail that a node holds, its own and those that other nodes told, and names the first place of each that
 * was altered or is missing. What has been committed since the node last sealed its trail is given its place first, so
 * that nothing is left out of the verdict.
 */
export async function verifyAuditTrail(database: Database): Promise<TrailVerdict> {
  let sealed: number;
  do sealed = await sealAuditEntries(database);
  while (sealed > 0);
  const own = await verifyAuditChain(database);
  const others = await verifyForeignChains(database);
  const isSound =
    own.kind === "intact" && others.every(({ chain, verdict }) => verdict.kind === "intact" && chain.broken === null);
  return { own, others, isSound };
}
