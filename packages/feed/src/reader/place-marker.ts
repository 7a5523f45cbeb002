import { sql, type Transaction } from "@tributary/database";
import { type Clock, TributaryError } from "@tributary/kernel";
import { declaredOrderKey, eventsOf, type FeedEvent } from "./feed-event.ts";
import { type Marker, readMarker } from "./marker.ts";
import { type FetchedPage, type FetchPage, PageSource } from "./page-source.ts";
import { pagesBackwards } from "./page-walk.ts";
import type { Subscription } from "./subscription.ts";

/** Where somebody wants a marker: before everything, behind everything, or behind one entry. */
export type MarkerTarget = "beginning" | "now" | { readonly entry: string };

/** Walking back further takes minutes, while somebody waits for the answer. */
const searchedPagesMax = 2_000;

const putMarker = sql(`
  insert into markers (feed_uri, consumer, last_read_entry_id, feed_uri_for_last_read_entry, last_read_published)
  values ($1, $2, $3, $4, $5)
  on conflict (feed_uri, consumer) do update set
    last_read_entry_id = excluded.last_read_entry_id,
    feed_uri_for_last_read_entry = excluded.feed_uri_for_last_read_entry,
    last_read_published = excluded.last_read_published`);
const forgetEntries = sql("delete from read_entries where consumer = $1 and feed_uri = $2");

/** On which feed an entry is looked for. */
export interface FindMarkerOptions {
  /** The address subscribed to. */
  readonly feedUri: string;
  readonly fetch: FetchPage;
  readonly clock: Clock;
  /** The page on which the entry stands, where that is known; otherwise the feed is walked back. */
  readonly pageUri?: string;
}

/**
 * The marker that stands where somebody wants it. Throws `FEED_ENTRY_MISSING` when the feed has no such entry, and what
 * asking for its pages throws.
 */
export async function findMarker(
  target: MarkerTarget,
  { feedUri, fetch, clock, pageUri }: FindMarkerOptions,
  signal: AbortSignal,
): Promise<Marker> {
  if (target === "beginning") return { entryId: null, pageUri: null, publishedAt: null };
  const source = new PageSource({ feedUri, fetch, clock });
  if (target === "now") {
    const page = await source.require(feedUri, signal);
    const last = eventsOf(page, declaredOrderKey).at(-1);
    return last ? markerAt(last, page) : { entryId: null, pageUri: feedUri, publishedAt: null };
  }
  if (pageUri !== undefined) {
    const answer = await source.get(pageUri, signal);
    const found = answer.kind === "page" ? markerOn(answer.page, target.entry) : undefined;
    if (found) return found;
    throw entryMissing();
  }
  let searched = 0;
  for await (const page of pagesBackwards(source, feedUri, signal)) {
    const found = markerOn(page, target.entry);
    if (found) return found;
    searched += 1;
    if (searched === searchedPagesMax) break;
  }
  throw entryMissing();
}

/**
 * Puts a consumer's marker where somebody wants it, and returns where it stood. What the consumer remembers of what it has
 * read is forgotten, so that entries behind the marker are worked off again, also those that it knows. Failed events stay.
 * Throws `CONFIG_INVALID` for a subscription that has never been read here.
 */
export async function placeMarker(tx: Transaction, { consumer, feedUri }: Subscription, to: Marker): Promise<Marker> {
  const before = await readMarker(tx, { consumer, feedUri });
  if (!before) {
    throw new TributaryError("CONFIG_INVALID", "This node has no marker of such a consumer of such a feed.");
  }
  await tx.run(putMarker, [feedUri, consumer, to.entryId, to.pageUri, to.publishedAt]);
  await tx.run(forgetEntries, [consumer, feedUri]);
  return before;
}

function markerOn(page: FetchedPage, entry: string): Marker | undefined {
  const event = eventsOf(page, declaredOrderKey).find(({ id }) => id === entry);
  return event && markerAt(event, page);
}

function markerAt(event: FeedEvent, page: FetchedPage): Marker {
  return { entryId: event.id, pageUri: page.uri, publishedAt: event.publishedAt ?? null };
}

function entryMissing(): TributaryError {
  return new TributaryError("FEED_ENTRY_MISSING", "The feed has no such entry; the marker stays where it is.");
}
