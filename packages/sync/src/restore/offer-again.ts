import { appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import { type ResourceKey, referenceTo, type StoredVersion } from "@tributary/fhir";
import { newUuid } from "@tributary/kernel";
import { dropLinkBases, type LinkBase, putLinkBases } from "../pull/link-base.ts";
import { queueAgain } from "../push/queue/queue-own-changes.ts";
import { noteUnborn } from "../push/unborn-records.ts";
import { auditOf, type OfferOptions } from "./offering.ts";
import { beginOffer } from "./unfinished-offer.ts";

/** What was found out about some records, of which a parent may have lost what it took. */
export interface Finding {
  /** What stands here of records that the parent has lost something of. */
  readonly lost: StoredVersion[];
  /** Bases as they truly are. */
  readonly corrected: LinkBase[];
  /** Records that both ends have nothing in common of any more. */
  readonly unknown: ResourceKey[];
  /** Records deleted here that the parent may never have heard of. */
  readonly deleted: ResourceKey[];
}

/**
 * Puts the bases of records right, and queues what the parent has lost to be sent again, in the transaction that read what
 * stands here. Returns how many records were queued.
 */
export async function offerAgain(
  tx: Transaction,
  { lost, corrected, unknown, deleted }: Finding,
  options: OfferOptions,
): Promise<number> {
  const { parent, nodeId, clock, random } = options;
  await dropLinkBases(tx, parent, unknown);
  await putLinkBases(tx, parent, corrected);
  // The parent may have lost that it ever knew of them; what refers to one of them must not wait for it there.
  await noteUnborn(tx, deleted, nodeId);
  const changes = lost.map(({ key, version, originOperation }) => ({
    ...key,
    version,
    // All that one operation made is sent as one again, as far as it still is current.
    transaction: `again-${originOperation ?? newUuid(clock, random)}`,
  }));
  if (changes.length > 0) {
    await beginOffer(tx, parent);
    await queueAgain(tx, parent, nodeId, changes, () => newUuid(clock, random).slice(-12));
  }
  await appendAudit(
    tx,
    nodeId,
    lost.map(({ key }) => auditOf(referenceTo(key), "offered-again", options)),
  );
  return lost.length;
}
