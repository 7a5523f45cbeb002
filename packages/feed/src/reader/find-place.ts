import type { Database } from "@tributary/database";
import { type Logger, TributaryError } from "@tributary/kernel";
import { eventsOf, type FeedEvent, type OrderKeyOf } from "./feed-event.ts";
import type { Marker } from "./marker.ts";
import { readMarker } from "./marker.ts";
import type { FetchedPage, PageSource } from "./page-source.ts";
import { oldestPage, pageOfDate, pagesBackwards } from "./page-walk.ts";
import type { ReadEntries } from "./read-entries.ts";
import type { LostMarkerPolicy, StartPosition, Subscription } from "./subscription.ts";

/** Where reading goes on: a page, and how many of its events are behind the marker. */
export interface Place {
  readonly page: FetchedPage;
  readonly events: readonly FeedEvent[];
  readonly skip: number;
  /** Set when the marker must first be moved here, so that the decision outlives this run. */
  readonly isNewStart: boolean;
}

/** Searching more pages takes minutes; whatever lies deeper counts as gone. */
const searchedPagesMax = 20_000;

/** What finding a place needs to know of its reader. */
export interface PlaceFinder {
  readonly database: Database;
  readonly subscription: Subscription;
  readonly source: PageSource;
  readonly read: ReadEntries;
  readonly start: StartPosition;
  readonly onLostMarker: LostMarkerPolicy;
  readonly orderKeyOf: OrderKeyOf;
  readonly logger: Logger;
}

/**
 * Finds where a subscription goes on: at its marker; without one, at its start position; and when the marker's entry is
 * not where it stood, at an agreed point.
 *
 * The agreed point is the marker's entry wherever it stands now; else the start of the oldest of the newest pages that
 * hold entries this subscription remembers, which are then recognised one by one; else what the policy says. Throws
 * `FEED_ENTRY_MISSING` under the policy `stop`, or when an entry to start after is not there.
 */
export async function findPlace(finder: PlaceFinder, marker: Marker | undefined, signal: AbortSignal): Promise<Place> {
  if (!marker) return findStart(finder, signal);
  const { pageUri, entryId } = marker;
  const isPageOfItsOwn = pageUri !== null && pageUri !== finder.subscription.feedUri;
  if (!isPageOfItsOwn && entryId === null) return placeOf(finder, await oldest(finder, signal), 0, false);
  if (isPageOfItsOwn) {
    const answer = await finder.source.get(pageUri, signal);
    const place = answer.kind === "page" ? placeAfter(finder, answer.page, entryId) : undefined;
    if (place) return place;
    if (answer.kind === "page") finder.source.keep(answer.page);
  }
  return findLostPlace(finder, entryId, signal);
}

/** The place after an entry of this page, or at its start for `null`; `undefined` when the entry is not on it. */
export function placeAfter(
  finder: Pick<PlaceFinder, "orderKeyOf">,
  page: FetchedPage,
  entryId: string | null,
): Place | undefined {
  const place = placeOf(finder, page, 0, false);
  if (entryId === null) return place;
  const index = place.events.findIndex(({ id }) => id === entryId);
  return index < 0 ? undefined : { ...place, skip: index + 1 };
}

async function findStart(finder: PlaceFinder, signal: AbortSignal): Promise<Place> {
  const { source, subscription, start } = finder;
  const { feedUri } = subscription;
  if (start === "now") return newestPlace(finder, signal);
  if (start === "shared-marker" && subscription.consumer !== "") {
    const shared = await readMarker(finder.database, { feedUri, consumer: "" });
    if (shared) return { ...(await findPlace(finder, shared, signal)), isNewStart: true };
  }
  if (typeof start === "string") return placeOf(finder, await oldest(finder, signal), 0, false);
  if ("date" in start) {
    const { date } = start;
    const page = await pageOfDate(source, feedUri, date, signal);
    const index = page.feed.entries.findIndex(({ published, updated }) => (published ?? updated ?? date) >= date);
    return placeOf(finder, page, index < 0 ? page.feed.entries.length : index, true);
  }
  for await (const page of pagesBackwards(source, feedUri, signal)) {
    const place = placeAfter(finder, page, start.entry);
    if (place) return { ...place, isNewStart: true };
  }
  throw entryMissing("The entry to start after is not in the feed; name another one, a date, or the beginning.");
}

async function findLostPlace(finder: PlaceFinder, entryId: string | null, signal: AbortSignal): Promise<Place> {
  const { source, subscription, database, read, logger, onLostMarker } = finder;
  const { consumer } = subscription;
  const known = await read.all(database);
  let agreed: FetchedPage | undefined;
  let searched = 0;
  for await (const page of pagesBackwards(source, subscription.feedUri, signal)) {
    const place = entryId === null ? undefined : placeAfter(finder, page, entryId);
    if (place) {
      logger.warn({ consumer }, "The last entry that was read stands on another page; reading goes on after it.");
      return { ...place, isNewStart: true };
    }
    const isKnown = eventsOf(page, finder.orderKeyOf).some(({ id }) => known.has(id));
    if (isKnown) agreed = page;
    searched += 1;
    if ((agreed && !isKnown) || searched === searchedPagesMax) break;
  }
  if (agreed) {
    logger.warn(
      { consumer },
      "The last entry that was read is gone; the pages of the entries before it are read again.",
    );
    return placeOf(finder, agreed, 0, true);
  }
  logger.warn({ consumer, policy: onLostMarker }, "No entry that was read is in the feed any more: it was rebuilt.");
  if (onLostMarker === "stop") {
    throw entryMissing(
      "No entry that was read is in the feed any more. Decide where to start, and move the marker there.",
    );
  }
  return onLostMarker === "now" ? newestPlace(finder, signal) : placeOf(finder, await oldest(finder, signal), 0, true);
}

async function newestPlace(finder: PlaceFinder, signal: AbortSignal): Promise<Place> {
  const page = await finder.source.require(finder.subscription.feedUri, signal);
  return placeOf(finder, page, page.feed.entries.length, true);
}

function oldest({ source, subscription }: PlaceFinder, signal: AbortSignal): Promise<FetchedPage> {
  return oldestPage(source, subscription.feedUri, signal);
}

function placeOf(
  { orderKeyOf }: Pick<PlaceFinder, "orderKeyOf">,
  page: FetchedPage,
  skip: number,
  isNewStart: boolean,
): Place {
  return { page, events: eventsOf(page, orderKeyOf), skip, isNewStart };
}

function entryMissing(sentence: string): TributaryError {
  return new TributaryError("FEED_ENTRY_MISSING", sentence);
}
