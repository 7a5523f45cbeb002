import { acknowledgeBrokenChains, appendAudit } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { configError, configSentence } from "../config/config-sentences.ts";

/** Characters of a reason that are kept: a sentence, and no room for a record's content. */
const reasonCharactersMax = 200;

/** Who says that a broken trail is explained, and how. */
export interface TrailAcknowledgement {
  /** The node whose trail it is. */
  readonly node: string;
  readonly reason: string;
  readonly actor: { readonly nodeId: string; readonly author: string; readonly now: number };
}

/**
 * Ends the warning that a node told something else of its trail than before: somebody has looked and knows why. Who and
 * why is entered in the trail in the same transaction; the chains stay as they are. Returns whether there was a warning.
 * Throws `CONFIG_INVALID` when the reason is empty.
 */
export async function acknowledgeTrail(
  database: Database,
  { node, reason, actor }: TrailAcknowledgement,
): Promise<boolean> {
  const kept = reason
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, reasonCharactersMax);
  if (kept === "") throw configError(configSentence("trail-without-reason", {}));
  return database.transaction(async (tx) => {
    if ((await acknowledgeBrokenChains(tx, node)) === 0) return false;
    await appendAudit(tx, actor.nodeId, [
      {
        at: actor.now,
        actor: actor.author,
        operation: "audit",
        reference: null,
        versionBefore: null,
        versionAfter: null,
        link: node,
        operationId: null,
        outcome: "acknowledged",
        error: kept,
      },
    ]);
    return true;
  });
}
