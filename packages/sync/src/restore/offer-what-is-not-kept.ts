import { NotCarried } from "../line/not-carried.ts";
import { everyLinkBase } from "../pull/link-base.ts";
import { readStreamMarker } from "../pull/stream-marker.ts";
import { noteHistoryChanged } from "./history-changed.ts";
import { askKept, keptRecordsMax } from "./kept-records.ts";
import { readSettled } from "./last-settled.ts";
import { offerUnkept } from "./offer-unkept.ts";
import type { OfferOptions } from "./offering.ts";

/** The place of who has sent something, and has read nothing. */
const nothingRead = { epoch: "", position: 0, entryDigest: null };

/**
 * Meets a parent whose stream this child cannot ask about, since it was given another catchment or has read nothing yet: when the parent does not
 * know the place that was read of it, or the operation that it took last, it is asked of every record whether it still has
 * what both had in common. What it has lost is queued, as an edit of the last that it still has.
 *
 * Broken off, it is begun again; what is queued already is not queued twice. Returns how many records were queued;
 * `undefined` when the parent has all, or when nobody can be asked: the answers come by stick.
 */
export async function offerWhatIsNotKept(options: OfferOptions, signal: AbortSignal): Promise<number | undefined> {
  const { database, nodeId, parent, stream, connection } = options;
  const marker = await readStreamMarker(database, parent, stream);
  const hasSent = (await readSettled(database, parent, nodeId)) !== undefined;
  if (!marker && !hasSent) return undefined;
  const place = { stream, ...(marker ?? nothingRead) };
  try {
    if ((await askKept(connection, place, [], signal)).isWhole) return undefined;
  } catch (error) {
    if (error instanceof NotCarried) return undefined;
    throw error;
  }
  let queued = 0;
  for await (const bases of everyLinkBase(database, parent, keptRecordsMax)) {
    queued += await offerUnkept(bases, place, options, signal);
  }
  await database.transaction((tx) => noteHistoryChanged(tx, options));
  return queued;
}
