import type { Database, Transaction } from "@tributary/database";
import {
  type BackoffPlan,
  type Clock,
  isErrorCode,
  type Logger,
  nextDelay,
  type Random,
  silentLogger,
  TributaryError,
} from "@tributary/kernel";
import { linkOf } from "../atom/atom-feed.ts";
import { type FailedEvent, type FailedEventCounts, FailedEvents } from "./failed-events.ts";
import { declaredOrderKey, eventsOf, type FeedEvent, type OrderKeyOf } from "./feed-event.ts";
import { findPlace, type Place, type PlaceFinder, placeAfter } from "./find-place.ts";
import { advanceMarker, type Marker, readMarker } from "./marker.ts";
import { type FetchedPage, type FetchPage, type ForeignLinks, PageSource } from "./page-source.ts";
import { ReadEntries } from "./read-entries.ts";
import type { LostMarkerPolicy, StartPosition, Subscription } from "./subscription.ts";

/** What is done with each event. Whatever it throws is the event's failure, and stops no other event. */
export interface FeedWorker<Prepared = undefined> {
  /** Gathers what the work needs from outside, before a transaction is open: SQLite has one writer at a time. */
  prepare?(event: FeedEvent, signal: AbortSignal): Promise<Prepared>;
  /** Does the work through `tx`, which also moves the marker: both become durable, or neither. */
  process(event: FeedEvent, tx: Transaction, prepared: Prepared): Promise<void>;
}

export interface FeedReaderOptions<Prepared> {
  readonly database: Database;
  readonly subscription: Subscription;
  readonly worker: FeedWorker<Prepared>;
  readonly fetch: FetchPage;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger?: Logger;
  /** `beginning` by default. Without effect once there is a marker. */
  readonly start?: StartPosition;
  /** `beginning` by default: nothing is lost, and what is read again is read by a worker that can bear it. */
  readonly onLostMarker?: LostMarkerPolicy;
  readonly orderKeyOf?: OrderKeyOf;
  /** Failed retries after which an event is dead. */
  readonly retriesMax?: number;
  readonly backoff?: BackoffPlan;
  /** So many failed, waiting and dead events are worth a warning; they never stop the feed. */
  readonly failedEventsAlert?: number;
  /** Tells that a worker's error is not the event's but of the place where it works; `REMOTE_UNAVAILABLE` by default. */
  readonly isOutage?: (error: unknown) => boolean;
  readonly foreignLinks?: ForeignLinks;
  readonly timeoutMs?: number;
  readonly pageBytesMax?: number;
}

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
  /** Entries recognised as processed before. */
  readonly duplicates: number;
  readonly retries: { readonly succeeded: number; readonly failed: number };
  readonly requests: number;
  /** Whether the end of the feed was reached; otherwise there is more to read at once. */
  readonly isComplete: boolean;
  /** All events of the subscription that the marker is past and that are not processed. */
  readonly failedEvents: FailedEventCounts;
}

const retriesMaxDefault = 10;
/** Ten retries spread over about four hours, more than most outages last; then somebody has to look. */
const backoffDefault: BackoffPlan = { firstMs: 30_000, maximumMs: 6 * 3_600_000 };
/** The number at which the historic readers stopped altogether. */
const failedEventsAlertDefault = 5;
/** Retries in one run, so that a long list of failures does not keep new events waiting. */
const retryBatchMax = 100;
/** A worker that calls the same event an outage so often is believed no longer: the event is what breaks it. */
const outagesMax = 5;

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
  readonly #read: ReadEntries;
  readonly #failed: FailedEvents;
  readonly #finder: PlaceFinder;
  #marker: Marker | undefined;
  /** The last page as the last complete run saw it, for the poll that finds nothing new. */
  #tail: { readonly address: string; readonly etag: string; readonly entryId: string } | undefined;
  #outage: { readonly eventId: string; readonly count: number } | undefined;
  #mayBeBlocked = true;
  #lastRun: Promise<unknown> = Promise.resolve();

  constructor(options: FeedReaderOptions<Prepared>) {
    const { database, subscription, logger = silentLogger, pageBytesMax, ...rest } = options;
    this.#options = options;
    this.#source = new PageSource({
      feedUri: subscription.feedUri,
      fetch: rest.fetch,
      clock: rest.clock,
      ...(rest.foreignLinks && { foreignLinks: rest.foreignLinks }),
      ...(rest.timeoutMs !== undefined && { timeoutMs: rest.timeoutMs }),
      ...(pageBytesMax !== undefined && { bytesMax: pageBytesMax }),
    });
    this.#read = new ReadEntries(subscription);
    this.#failed = new FailedEvents(subscription);
    this.#finder = {
      database,
      subscription,
      logger,
      source: this.#source,
      read: this.#read,
      start: rest.start ?? "beginning",
      onLostMarker: rest.onLostMarker ?? "beginning",
      orderKeyOf: rest.orderKeyOf ?? declaredOrderKey,
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
    const { database } = this.#options;
    const tally = { processed: 0, failed: 0, waiting: 0, duplicates: 0 };
    const requestsBefore = this.#source.requests;
    const before = await this.#failed.counts(database);
    this.#mayBeBlocked = totalOf(before) > 0;
    const retries = await this.#retryDue(signal);
    try {
      const isComplete = await this.#readOn(tally, entriesMax, signal);
      const failedEvents = this.#mayBeBlocked ? await this.#failed.counts(database) : before;
      this.#alert(before, failedEvents);
      return { ...tally, retries, requests: this.#source.requests - requestsBefore, isComplete, failedEvents };
    } finally {
      this.#source.letGoOfAll();
    }
  }

  async #readOn(tally: Tally, entriesMax: number, signal: AbortSignal): Promise<boolean> {
    const { database, subscription } = this.#options;
    this.#marker = await readMarker(database, subscription);
    let place = await this.#findPlace(signal);
    if (!place) return true;
    if (place.isNewStart) await this.#moveMarkerTo(place);
    let taken = 0;
    for (;;) {
      const { page, events, skip } = place;
      for (const event of events.slice(skip)) {
        signal.throwIfAborted();
        if (taken === entriesMax) return false;
        taken += 1;
        tally[await this.#take(event, page, signal)] += 1;
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
  async #findPlace(signal: AbortSignal): Promise<Place | undefined> {
    const tail = this.#tail;
    this.#tail = undefined;
    if (tail && this.#marker?.entryId === tail.entryId) {
      const answer = await this.#source.get(tail.address, signal, tail.etag);
      if (answer.kind === "unchanged") {
        this.#tail = tail;
        return undefined;
      }
      const place = answer.kind === "page" ? placeAfter(this.#finder, answer.page, tail.entryId) : undefined;
      if (place) return place;
    }
    return findPlace(this.#finder, this.#marker, signal);
  }

  #rememberTail(page: FetchedPage, events: readonly FeedEvent[]): void {
    const last = events.at(-1);
    if (page.etag === undefined || page.address !== page.uri || !last) return;
    this.#tail = { address: page.uri, etag: page.etag, entryId: last.id };
  }

  async #moveMarkerTo({ page, events, skip }: Place): Promise<void> {
    const { database, subscription } = this.#options;
    const last = events[skip - 1];
    const isEmpty = page.feed.entries.length === 0;
    // NOTE: an empty feed has no page that could be fetched later; its whole future is what comes after "now".
    const start = { entryId: null, pageUri: isEmpty ? subscription.feedUri : page.uri, publishedAt: null };
    const to = last ? markerAt(last, page) : start;
    await database.transaction((tx) => advanceMarker(tx, subscription, this.#marker, to));
    this.#marker = to;
  }

  async #take(event: FeedEvent, page: FetchedPage, signal: AbortSignal): Promise<keyof Tally> {
    const { database, worker, clock, random, backoff = backoffDefault } = this.#options;
    const to = markerAt(event, page);
    if (this.#mayBeBlocked && (await this.#failed.isBlocked(database, event.orderKey))) {
      return this.#advance(event, to, async (tx) => {
        await this.#failed.addWaiting(tx, event, clock.now());
        return "waiting";
      });
    }
    try {
      const prepared = await this.#prepare(event, signal);
      return await this.#advance(event, to, async (tx) => {
        await worker.process(event, tx, prepared as Prepared);
        return "processed";
      });
    } catch (error) {
      if (signal.aborted || this.#isNobodysFault(error, event)) throw error;
      this.#mayBeBlocked = true;
      const now = clock.now();
      const nextRetryAt = now + nextDelay(1, backoff, random);
      return this.#advance(event, to, async (tx) => {
        await this.#failed.addFailure(tx, event, error, now, nextRetryAt);
        return "failed";
      });
    }
  }

  /** Deals with one event and moves the marker past it, in one transaction; an event dealt with before is passed over. */
  async #advance(event: FeedEvent, to: Marker, deal: (tx: Transaction) => Promise<keyof Tally>): Promise<keyof Tally> {
    const { database, subscription } = this.#options;
    const outcome = await database.transaction(async (tx) => {
      const isNew = await this.#read.add(tx, event.id);
      await advanceMarker(tx, subscription, this.#marker, to);
      return isNew ? deal(tx) : "duplicates";
    });
    this.#marker = to;
    this.#outage = undefined;
    return outcome;
  }

  async #prepare(event: FeedEvent, signal: AbortSignal): Promise<Prepared | undefined> {
    const { worker, database } = this.#options;
    if (!worker.prepare) return undefined;
    const isDone = !event.isRetry && (await this.#read.has(database, event.id));
    return isDone ? undefined : worker.prepare(event, signal);
  }

  async #retryDue(signal: AbortSignal): Promise<FeedRun["retries"]> {
    const { database, clock } = this.#options;
    const retries = { succeeded: 0, failed: 0 };
    let left = this.#mayBeBlocked ? retryBatchMax : 0;
    while (left > 0) {
      const due = await this.#failed.due(database, clock.now(), left);
      if (due.length === 0) break;
      left -= due.length;
      for (const failed of due) {
        signal.throwIfAborted();
        retries[(await this.#retry(failed, signal)) ? "succeeded" : "failed"] += 1;
      }
    }
    return retries;
  }

  async #retry(failed: FailedEvent, signal: AbortSignal): Promise<boolean> {
    const { database, worker, clock, random, backoff = backoffDefault, retriesMax = retriesMaxDefault } = this.#options;
    const { event } = failed;
    try {
      const prepared = await this.#prepare(event, signal);
      await database.transaction(async (tx) => {
        if (await this.#failed.remove(tx, failed)) await worker.process(event, tx, prepared as Prepared);
      });
      this.#outage = undefined;
      return true;
    } catch (error) {
      if (signal.aborted || isOwnTrouble(error)) throw error;
      const now = clock.now();
      const attempt = failed.state === "waiting" ? 1 : failed.retries + 2;
      const next =
        failed.state !== "waiting" && failed.retries + 1 >= retriesMax
          ? undefined
          : now + nextDelay(attempt, backoff, random);
      await database.transaction((tx) => this.#failed.addRetry(tx, failed, error, now, next));
      return false;
    }
  }

  /** Tells whether the event is innocent of an error: the same event will do once the trouble is over. */
  #isNobodysFault(error: unknown, event: FeedEvent): boolean {
    if (isOwnTrouble(error)) return true;
    const { isOutage = (thrown: unknown) => isErrorCode(thrown, "REMOTE_UNAVAILABLE") } = this.#options;
    if (!isOutage(error)) return false;
    const count = this.#outage?.eventId === event.id ? this.#outage.count + 1 : 1;
    this.#outage = { eventId: event.id, count };
    return count < outagesMax;
  }

  #alert(before: FailedEventCounts, after: FailedEventCounts): void {
    const { failedEventsAlert = failedEventsAlertDefault, logger = silentLogger, subscription } = this.#options;
    if (totalOf(after) < failedEventsAlert || totalOf(after) <= totalOf(before)) return;
    logger.warn({ consumer: subscription.consumer, ...after }, "Failed events pile up; somebody should look at them.");
  }
}

/** Errors of the own database, and of a second reader: the work was undone, and no event is to blame. */
const ownTrouble = ["DATABASE_UNAVAILABLE", "DATABASE_BUSY", "DATABASE_FULL", "FEED_MARKER_MOVED"] as const;

function isOwnTrouble(error: unknown): boolean {
  return ownTrouble.some((code) => isErrorCode(error, code));
}

interface Tally {
  processed: number;
  failed: number;
  waiting: number;
  duplicates: number;
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
