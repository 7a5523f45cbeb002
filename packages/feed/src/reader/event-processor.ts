import type { Database, Transaction } from "@tributary/database";
import { type BackoffPlan, type Clock, isErrorCode, nextDelay, type Random } from "@tributary/kernel";
import { type FailedEvent, type FailedEventCounts, FailedEvents } from "./failed-events.ts";
import type { FeedEvent } from "./feed-event.ts";
import type { FeedWorker } from "./feed-worker.ts";
import { advanceMarker, type Marker, readMarker } from "./marker.ts";
import { ReadEntries } from "./read-entries.ts";
import type { Subscription } from "./subscription.ts";

export interface EventProcessorOptions<Prepared> {
  readonly database: Database;
  readonly subscription: Subscription;
  readonly worker: FeedWorker<Prepared>;
  readonly clock: Clock;
  readonly random: Random;
  /** Failed retries after which an event is dead. */
  readonly retriesMax?: number;
  readonly backoff?: BackoffPlan;
  /** Tells that a worker's error is not the event's but of the place where it works; `REMOTE_UNAVAILABLE` by default. */
  readonly isOutage?: (error: unknown) => boolean;
}

/** What became of one new event; `duplicates` for one that was dealt with before. */
export type EventEnding = "processed" | "failed" | "waiting" | "duplicates";

const retriesMaxDefault = 10;
/** Ten retries spread over about four hours, more than most outages last; then somebody has to look. */
const backoffDefault: BackoffPlan = { firstMs: 30_000, maximumMs: 6 * 3_600_000 };
/** Retries in one run, so that a long list of failures does not keep new events waiting. */
const retryBatchMax = 100;
/** A worker that calls the same event an outage so often is believed no longer: the event is what breaks it. */
const outagesMax = 5;

/**
 * Brings each event of one subscription to its ending, and the marker past it in the same transaction.
 *
 * A new event ends *processed*, *failed* (kept for a retry), *waiting* (kept behind a failed one of its order key), or
 * passed over as a duplicate. Errors that no event is to blame for are thrown on, with nothing changed.
 */
export class EventProcessor<Prepared> {
  readonly #options: EventProcessorOptions<Prepared>;
  readonly #failed: FailedEvents;
  /** The entries dealt with last. */
  readonly read: ReadEntries;
  #marker: Marker | undefined;
  #outage: { readonly eventId: string; readonly count: number } | undefined;
  #mayBeBlocked = true;

  constructor(options: EventProcessorOptions<Prepared>) {
    this.#options = options;
    this.#failed = new FailedEvents(options.subscription);
    this.read = new ReadEntries(options.subscription);
  }

  /** Looks the marker up, at the start of a run. */
  async readMarker(): Promise<Marker | undefined> {
    this.#marker = await readMarker(this.#options.database, this.#options.subscription);
    return this.#marker;
  }

  /** Moves the marker without dealing with an event. */
  async moveMarker(to: Marker): Promise<void> {
    const { database, subscription } = this.#options;
    await database.transaction((tx) => advanceMarker(tx, subscription, this.#marker, to));
    this.#marker = to;
  }

  async countFailed(): Promise<FailedEventCounts> {
    const counts = await this.#failed.counts(this.#options.database);
    this.#mayBeBlocked = counts.retrying + counts.waiting + counts.dead > 0;
    return counts;
  }

  /** Deals with the next event, which the marker `to` stands at. */
  async take(event: FeedEvent, to: Marker, signal: AbortSignal): Promise<EventEnding> {
    const { database, worker, clock, random, backoff = backoffDefault } = this.#options;
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

  /** Retries the failed events that are due, and those that waited behind them, oldest first. */
  async retryDue(signal: AbortSignal): Promise<{ readonly succeeded: number; readonly failed: number }> {
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

  async #advance(event: FeedEvent, to: Marker, deal: (tx: Transaction) => Promise<EventEnding>): Promise<EventEnding> {
    const { database, subscription, clock } = this.#options;
    const ending = await database.transaction(async (tx) => {
      const isNew = await this.read.add(tx, event.id, clock.now());
      await advanceMarker(tx, subscription, this.#marker, to);
      return isNew ? deal(tx) : "duplicates";
    });
    this.#marker = to;
    this.#outage = undefined;
    return ending;
  }

  async #prepare(event: FeedEvent, signal: AbortSignal): Promise<Prepared | undefined> {
    const { worker, database } = this.#options;
    if (!worker.prepare) return undefined;
    const isDone = !event.isRetry && (await this.read.has(database, event.id));
    return isDone ? undefined : worker.prepare(event, signal);
  }

  async #retry(failed: FailedEvent, signal: AbortSignal): Promise<boolean> {
    const { database, worker, clock } = this.#options;
    try {
      const prepared = await this.#prepare(failed.event, signal);
      await database.transaction(async (tx) => {
        if (await this.#failed.remove(tx, failed)) await worker.process(failed.event, tx, prepared as Prepared);
      });
      return true;
    } catch (error) {
      if (signal.aborted || isOwnTrouble(error)) throw error;
      const now = clock.now();
      const pauseMs = this.#pauseAfter(failed);
      const nextRetryAt = pauseMs === undefined ? undefined : now + pauseMs;
      await database.transaction((tx) => this.#failed.addRetry(tx, failed, error, now, nextRetryAt));
      return false;
    }
  }

  /** `undefined` when the retry that has just failed was the last one. An event that waited has failed only now. */
  #pauseAfter({ state, retries }: FailedEvent): number | undefined {
    const { backoff = backoffDefault, random, retriesMax = retriesMaxDefault } = this.#options;
    if (state === "waiting") return nextDelay(1, backoff, random);
    return retries + 1 >= retriesMax ? undefined : nextDelay(retries + 2, backoff, random);
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
}

/** Errors of the own database, and of a second reader: the work was undone, and no event is to blame. */
const ownTrouble = ["DATABASE_UNAVAILABLE", "DATABASE_BUSY", "DATABASE_FULL", "FEED_MARKER_MOVED"] as const;

function isOwnTrouble(error: unknown): boolean {
  return ownTrouble.some((code) => isErrorCode(error, code));
}
