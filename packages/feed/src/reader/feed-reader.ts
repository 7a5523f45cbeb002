import { type Logger, silentLogger, TributaryError } from "@tributary/kernel";
import { linkOf } from "../atom/atom-feed.ts";
import { type EventEnding, EventProcessor, type EventProcessorOptions } from "./event-processor.ts";
import type { FailedEventCounts } from "./failed-events.ts";
import { declaredOrderKey, eventsOf, type FeedEvent, type OrderKeyOf } from "./feed-event.ts";
import { findPlace, type Place, type PlaceFinder, placeAfter } from "./find-place.ts";
import type { Marker } from "./marker.ts";
import { type FetchedPage, type FetchPage, type ForeignLinks, PageSource } from "./page-source.ts";
import type { LostMarkerPolicy, StartPosition } from "./subscription.ts";

/** What a reader works with: its subscription, its worker, the network, and what it does when a marker is lost. */
export interface FeedReaderOptions<Prepared> extends EventProcessorOptions<Prepared> {
  readonly fetch: FetchPage;
  readonly logger?: Logger;
  /** `beginning` by default. Without effect once there is a marker. */
  readonly start?: StartPosition;
  /** `beginning` by default: nothing is lost, and what is read again is read by a worker that can bear it. */
  readonly onLostMarker?: LostMarkerPolicy;
  readonly orderKeyOf?: OrderKeyOf;
  /** So many failed, waiting and dead events are worth a warning; they never stop the feed. */
  readonly failedEventsAlert?: number;
  readonly foreignLinks?: ForeignLinks;
  readonly timeoutMs?: number;
  readonly pageBytesMax?: number;
}

/** How far one run goes, and what ends it early. */
export interface FeedRunOptions {
  readonly signal?: AbortSignal;
  /** New events at most; the next run goes on there. */
  readonly entriesMax?: number;
}

/** What one run came to. */
export interface FeedRun {
  /** New events that were processed. */
  readonly processed: number;
  /** New events that failed, or waited behind one that had. */
  readonly failed: number;
  readonly waiting: number;
  /** Entries recognised as dealt with before. */
  readonly duplicates: number;
  readonly retries: { readonly succeeded: number; readonly failed: number };
  readonly requests: number;
  /** Whether the end of the feed was reached; otherwise there is more to read at once. */
  readonly isComplete: boolean;
  /** All events of the subscription that the marker is past and that are not processed. */
  readonly failedEvents: FailedEventCounts;
}

/** The number at which the historic readers stopped altogether. */
const failedEventsAlertDefault = 5;

/**
 * Reads one subscription: each event once, oldest first, work and marker in one transaction. It does not poll; call
 * `run` on a schedule or from a worker loop. Runs of one reader follow one another.
 *
 * A run: retry what is due → find the place → process page after page by `next-archive` → stop at the last one.
 *
 * What stops a run leaves the marker after the last event that was dealt with: trouble with the feed's server
 * (`REMOTE_*`, `FEED_UNREADABLE`, `PAYLOAD_TOO_LARGE`) or the own database, an outage of the worker's, another reader
 * (`FEED_MARKER_MOVED`), an aborted signal. An event's failure does not stop it: see `failed_events`.
 */
export class FeedReader<Prepared = undefined> {
  readonly #options: FeedReaderOptions<Prepared>;
  readonly #source: PageSource;
  readonly #processor: EventProcessor<Prepared>;
  readonly #finder: PlaceFinder;
  /** The last page as the last complete run saw it, for the poll that finds nothing new. */
  #tail: { readonly address: string; readonly etag: string; readonly entryId: string } | undefined;
  #lastRun: Promise<unknown> = Promise.resolve();

  constructor(options: FeedReaderOptions<Prepared>) {
    const {
      database,
      subscription,
      logger = silentLogger,
      fetch,
      clock,
      foreignLinks,
      timeoutMs,
      pageBytesMax,
    } = options;
    this.#options = options;
    this.#processor = new EventProcessor(options);
    this.#source = new PageSource({
      feedUri: subscription.feedUri,
      fetch,
      clock,
      ...(foreignLinks !== undefined && { foreignLinks }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(pageBytesMax !== undefined && { bytesMax: pageBytesMax }),
    });
    this.#finder = {
      database,
      subscription,
      logger,
      source: this.#source,
      read: this.#processor.read,
      start: options.start ?? "beginning",
      onLostMarker: options.onLostMarker ?? "beginning",
      orderKeyOf: options.orderKeyOf ?? declaredOrderKey,
    };
  }

  /** Retries what is due and reads what is new, up to the end of the feed or `entriesMax`. */
  run(options: FeedRunOptions = {}): Promise<FeedRun> {
    const next = this.#lastRun.then(() => this.#run(options));
    this.#lastRun = next.catch(() => {});
    return next;
  }

  async #run(options: FeedRunOptions): Promise<FeedRun> {
    const { signal = new AbortController().signal, entriesMax = Number.POSITIVE_INFINITY } = options;
    const tally = { processed: 0, failed: 0, waiting: 0, duplicates: 0 };
    const requestsBefore = this.#source.requests;
    const before = await this.#processor.countFailed();
    const retries = await this.#processor.retryDue(signal);
    try {
      const isComplete = await this.#readOn(tally, entriesMax, signal);
      const failedEvents = await this.#processor.countFailed();
      this.#alert(before, failedEvents);
      return { ...tally, retries, requests: this.#source.requests - requestsBefore, isComplete, failedEvents };
    } finally {
      this.#source.letGoOfAll();
    }
  }

  async #readOn(tally: Record<EventEnding, number>, entriesMax: number, signal: AbortSignal): Promise<boolean> {
    const marker = await this.#processor.readMarker();
    let place = await this.#findPlace(marker, signal);
    if (!place) return true;
    if (place.isNewStart) await this.#processor.moveMarker(this.#markerBefore(place));
    let taken = 0;
    for (;;) {
      const { page, events, skip } = place;
      for (const event of events.slice(skip)) {
        signal.throwIfAborted();
        if (taken === entriesMax) return false;
        taken += 1;
        tally[await this.#processor.take(event, markerAt(event, page), signal)] += 1;
      }
      const next = linkOf(page.feed, "next-archive");
      this.#source.letGo(page);
      if (next === undefined) {
        this.#rememberTail(page, events);
        return true;
      }
      const following = await this.#source.require(next, signal);
      if (following.uri === page.uri) throw circle();
      place = { page: following, events: eventsOf(following, this.#finder.orderKeyOf), skip: 0, isNewStart: false };
    }
  }

  /** `undefined` when the last page is still as it was when everything on it had been read. */
  async #findPlace(marker: Marker | undefined, signal: AbortSignal): Promise<Place | undefined> {
    const tail = this.#tail;
    this.#tail = undefined;
    if (tail && marker?.entryId === tail.entryId) {
      const answer = await this.#source.get(tail.address, signal, tail.etag);
      if (answer.kind === "unchanged") {
        this.#tail = tail;
        return undefined;
      }
      const place = answer.kind === "page" ? placeAfter(this.#finder, answer.page, tail.entryId) : undefined;
      if (place) return place;
    }
    return findPlace(this.#finder, marker, signal);
  }

  /** NOTE: only a page asked for under its lasting address can be asked for again with the same entity tag. */
  #rememberTail(page: FetchedPage, events: readonly FeedEvent[]): void {
    const last = events.at(-1);
    if (page.etag === undefined || page.address !== page.uri || !last) return;
    this.#tail = { address: page.uri, etag: page.etag, entryId: last.id };
  }

  #markerBefore({ page, events, skip }: Place): Marker {
    const last = events[skip - 1];
    if (last) return markerAt(last, page);
    // NOTE: an empty feed has no page that could be fetched later; its whole future is what comes after "now".
    const isEmpty = page.feed.entries.length === 0;
    return { entryId: null, pageUri: isEmpty ? this.#options.subscription.feedUri : page.uri, publishedAt: null };
  }

  #alert(before: FailedEventCounts, after: FailedEventCounts): void {
    const { failedEventsAlert = failedEventsAlertDefault, logger = silentLogger, subscription } = this.#options;
    if (totalOf(after) < failedEventsAlert || totalOf(after) <= totalOf(before)) return;
    logger.warn({ consumer: subscription.consumer, ...after }, "Failed events pile up; somebody should look at them.");
  }
}

function markerAt(event: FeedEvent, page: FetchedPage): Marker {
  return { entryId: event.id, pageUri: page.uri, publishedAt: event.publishedAt ?? null };
}

function totalOf({ retrying, waiting, dead }: FailedEventCounts): number {
  return retrying + waiting + dead;
}

function circle(): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", "A feed page names itself as the page after it.", { retryable: true });
}
