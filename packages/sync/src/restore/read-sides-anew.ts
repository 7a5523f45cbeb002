import type { Transaction } from "@tributary/database";
import { metadataStream } from "../catchment/metadata-types.ts";
import { conflictsStream } from "../conflict/conflict-changed.ts";
import { forgetLinkRevisions } from "../conflict/travel/take-conflict.ts";
import { dropStreamMarker } from "../pull/stream-marker.ts";

/**
 * Has the streams beside the records read from their beginning, once the parent's history is known to be another one: that
 * such a stream is as long as it was read says nothing any more.
 */
export async function readSidesAnew(tx: Transaction, parent: string): Promise<void> {
  for (const stream of [conflictsStream, metadataStream]) await dropStreamMarker(tx, parent, stream);
  await forgetLinkRevisions(tx, parent);
}
