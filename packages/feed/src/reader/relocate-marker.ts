import { sql, type Transaction } from "@tributary/database";
import { TributaryError } from "@tributary/kernel";
import { type Marker, readMarker } from "./marker.ts";

/** A subscription whose feed has moved to another address. */
export interface Relocation {
  readonly consumer: string;
  /** The address subscribed to until now. */
  readonly from: string;
  readonly to: string;
}

const moveMarker = sql(`
  update markers set feed_uri = $3, feed_uri_for_last_read_entry = $4 where consumer = $1 and feed_uri = $2`);
const moveFailed = sql(`
  update failed_events
  set feed_uri = $3,
      page_uri = case when substr(page_uri, 1, length($4)) = $4 then $5 || substr(page_uri, length($4) + 1) else page_uri end
  where consumer = $1 and feed_uri = $2`);
const moveLog = sql("update failed_event_retry_log set feed_uri = $3 where consumer = $1 and feed_uri = $2");
const moveEntries = sql("update read_entries set feed_uri = $3 where consumer = $1 and feed_uri = $2");

/**
 * Takes a subscription along when its feed's host, port, scheme or path changes: its marker, failed events, history and
 * memory. Tells whether there was a marker to move.
 *
 * Pages are taken to lie beside the subscribed address, before and after. Throws `CONFIG_INVALID` when the new address
 * has a marker already.
 */
export async function relocateMarker(tx: Transaction, { consumer, from, to }: Relocation): Promise<boolean> {
  const marker = await readMarker(tx, { consumer, feedUri: from });
  if (from === to) return marker !== undefined;
  if (await readMarker(tx, { consumer, feedUri: to })) {
    throw new TributaryError(
      "CONFIG_INVALID",
      "The new address has a marker already; one of the two has to be deleted.",
    );
  }
  const key = [consumer, from, to];
  if (marker) await tx.run(moveMarker, [...key, movedPage(marker, from, to)]);
  await tx.run(moveFailed, [...key, folderOf(from), folderOf(to)]);
  await tx.run(moveLog, key);
  await tx.run(moveEntries, key);
  return marker !== undefined;
}

/** A page beside the old address, on whatever host its link named, lies beside the new one. */
function movedPage({ pageUri }: Marker, from: string, to: string): string | null {
  if (pageUri === null) return null;
  if (pageUri === from) return to;
  if (pageUri.startsWith(folderOf(from))) return folderOf(to) + pageUri.slice(folderOf(from).length);
  return folderOf(to) + pageUri.slice(folderOf(pageUri).length);
}

function folderOf(address: string): string {
  return address.slice(0, address.lastIndexOf("/") + 1);
}
