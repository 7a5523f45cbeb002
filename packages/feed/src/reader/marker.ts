import { type Reader, sql, type Transaction } from "@tributary/database";
import { TributaryError } from "@tributary/kernel";
import type { Subscription } from "./subscription.ts";

/** How far a subscription has been read: everything up to and including this entry is done, failed or waiting. */
export interface Marker {
  /** `null` stands for the start of the page. */
  readonly entryId: string | null;
  /** The page's `via`; `null` only in rows that other programs wrote. */
  readonly pageUri: string | null;
  readonly publishedAt: number | null;
}

const selectMarker = sql(`
  select last_read_entry_id as "entryId", feed_uri_for_last_read_entry as "pageUri", last_read_published as "publishedAt"
  from markers
  where feed_uri = $1 and consumer = $2`);
const insertMarker = sql(`
  insert into markers (feed_uri, consumer, last_read_entry_id, feed_uri_for_last_read_entry, last_read_published)
  values ($1, $2, $3, $4, $5)
  on conflict (feed_uri, consumer) do nothing`);
const updateMarker = sql(`
  update markers
  set last_read_entry_id = $3, feed_uri_for_last_read_entry = $4, last_read_published = $5
  where feed_uri = $1 and consumer = $2
    and last_read_entry_id is not distinct from $6
    and feed_uri_for_last_read_entry is not distinct from $7`);

/** Reads how far a subscription has been read; `undefined` before its first event. */
export async function readMarker(reader: Reader, { feedUri, consumer }: Subscription): Promise<Marker | undefined> {
  return reader.first<Marker>(selectMarker, [feedUri, consumer]);
}

/**
 * Moves a marker in the transaction that did the work. Throws `FEED_MARKER_MOVED`, and so undoes that work, when the
 * marker is no longer where this reader left it: somebody else reads the same subscription.
 */
export async function advanceMarker(
  tx: Transaction,
  { feedUri, consumer }: Subscription,
  from: Marker | undefined,
  to: Marker,
): Promise<void> {
  const values = [feedUri, consumer, to.entryId, to.pageUri, to.publishedAt];
  const moved = from
    ? await tx.run(updateMarker, [...values, from.entryId, from.pageUri])
    : await tx.run(insertMarker, values);
  if (moved === 1) return;
  throw new TributaryError(
    "FEED_MARKER_MOVED",
    `The marker of ${consumer || "the unnamed consumer"} was moved by another reader. Run one reader for a subscription.`,
    { retryable: true },
  );
}
