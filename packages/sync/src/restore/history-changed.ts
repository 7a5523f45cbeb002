import { appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import { doubtRelayMarkers } from "../audit-trail/audit-markers.ts";
import { metadataStream } from "../catchment/metadata-types.ts";
import { conflictsStream } from "../conflict/conflict-changed.ts";
import { forgetLinkRevisions } from "../conflict/travel/take-conflict.ts";
import { forgetMissingPulls } from "../pull/failed-pulls.ts";
import { dropStreamMarker } from "../pull/stream-marker.ts";
import { forgetSettled } from "./last-settled.ts";
import { auditOf, type OfferOptions } from "./offering.ts";
import { endOffer } from "./unfinished-offer.ts";

/**
 * Notes that a parent's other history has been met, once all that it has lost is queued: nothing is held against it that it
 * took in its former one, and nothing is waited for that it announced in that alone.
 */
export async function noteHistoryChanged(tx: Transaction, options: OfferOptions): Promise<void> {
  const { nodeId, parent } = options;
  await forgetSettled(tx, parent);
  await forgetMissingPulls(tx, parent);
  await endOffer(tx, parent);
  await readSidesAnew(tx, parent);
  await doubtRelayMarkers(tx, parent);
  await appendAudit(tx, nodeId, [auditOf(null, "history-changed", options)]);
}

/**
 * Has the streams beside the records read from their beginning, once the parent's history is known to be another one: that
 * such a stream is as long as it was read says nothing any more.
 */
async function readSidesAnew(tx: Transaction, parent: string): Promise<void> {
  for (const stream of [conflictsStream, metadataStream]) await dropStreamMarker(tx, parent, stream);
  await forgetLinkRevisions(tx, parent);
}
