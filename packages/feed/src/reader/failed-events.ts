import { type Reader, type SqlValue, sql, type Transaction } from "@tributary/database";
import type { EventExtension } from "../atom/tributary-extension.ts";
import type { FeedEvent } from "./feed-event.ts";
import { javaHashCode } from "./java-hash-code.ts";
import type { Subscription } from "./subscription.ts";

/**
 * What a failed event waits for: the time of its next retry, an earlier event of its order key, or somebody's decision.
 */
export type FailedEventState = "retrying" | "waiting" | "dead";

/** One event that has not been processed yet though the marker is past it. */
export interface FailedEvent {
  /** The row's number; rows of one order key are processed by it. */
  readonly row: number;
  readonly consumer: string;
  readonly feedUri: string;
  readonly state: FailedEventState;
  /** Retries that failed; the first failure is not one of them. */
  readonly retries: number;
  /** The first failure's, or why it waits. May hold personal data: not for logs. */
  readonly message: string;
  /** UTC, as `YYYY-MM-DD HH:MM:SS.mmm`. */
  readonly failedAt: string;
  /** Milliseconds; `null` unless the state is `retrying`. */
  readonly nextRetryAt: number | null;
  readonly event: FeedEvent;
}

/** How many events of a subscription are in which state. */
export type FailedEventCounts = Readonly<Record<FailedEventState, number>>;

/** Messages are cut where the historic column ends. */
const messageLengthMax = 4_000;

const insertFailed = sql(`
  insert into failed_events (
    consumer, feed_uri, failed_at, error_message, event_id, event_content, error_hash_code, title, retries, tags,
    state, next_retry_at, order_key, page_uri, content_type, published_at, updated_at, categories, extension)
  values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
  on conflict (consumer, feed_uri, event_id) do nothing`);
const selectBlocked = sql(`
  select 1 as found from failed_events where consumer = $1 and feed_uri = $2 and order_key = $3 limit 1`);
const countByState = sql(`
  select state, count(*) as n from failed_events where consumer = $1 and feed_uri = $2 group by state`);
/** A waiting event is due as soon as nothing of its order key stands before it. */
const selectDue = sql(`
  select * from failed_events event
  where consumer = $1 and feed_uri = $2
    and (
      (state = 'retrying' and next_retry_at <= $3)
      or (state = 'waiting' and not exists (
        select 1 from failed_events before
        where before.consumer = event.consumer and before.feed_uri = event.feed_uri
          and before.order_key = event.order_key and before.id < event.id)))
  order by id
  limit $4`);
const deleteRow = sql("delete from failed_events where id = $1 and retries = $2");
const deleteLog = sql("delete from failed_event_retry_log where consumer = $1 and feed_uri = $2 and event_id = $3");
const countRetry = sql(`
  update failed_events set retries = retries + 1, state = $3, next_retry_at = $4 where id = $1 and retries = $2`);
const firstFailure = sql(`
  update failed_events
  set state = $3, next_retry_at = $4, failed_at = $5, error_message = $6, error_hash_code = $7
  where id = $1 and retries = $2`);
const insertLog = sql(`
  insert into failed_event_retry_log (
    consumer, feed_uri, failed_at, error_message, event_id, event_content, error_hash_code)
  values ($1, $2, $3, $4, $5, $6, $7)`);

/** The failed events of one subscription, as its reader keeps them. */
export class FailedEvents {
  readonly #subscription: Subscription;

  constructor(subscription: Subscription) {
    this.#subscription = subscription;
  }

  /** Whether an earlier event of this order key has not been processed yet. */
  async isBlocked(reader: Reader, orderKey: string | null): Promise<boolean> {
    if (orderKey === null) return false;
    return (await reader.first(selectBlocked, [...this.#key(), orderKey])) !== undefined;
  }

  async counts(reader: Reader): Promise<FailedEventCounts> {
    const rows = await reader.all<{ state: FailedEventState; n: number }>(countByState, this.#key());
    return { retrying: 0, waiting: 0, dead: 0, ...Object.fromEntries(rows.map(({ state, n }) => [state, n])) };
  }

  /** Keeps an event that failed for the first time. An event that is kept already stays as it is. */
  async addFailure(tx: Transaction, event: FeedEvent, error: unknown, now: number, nextRetryAt: number): Promise<void> {
    await this.#add(tx, event, messageOf(error, event.pageUri), "retrying", now, nextRetryAt);
  }

  /** Keeps an event behind an earlier one of its order key. */
  async addWaiting(tx: Transaction, event: FeedEvent, now: number): Promise<void> {
    await this.#add(
      tx,
      event,
      "Waits for an earlier event of the same record, which has failed.",
      "waiting",
      now,
      null,
    );
  }

  /** The events to process now, oldest first, at most one of each order key. */
  async due(reader: Reader, now: number, limit: number): Promise<FailedEvent[]> {
    const rows = await reader.all<FailedEventRow>(selectDue, [...this.#key(), now, limit]);
    return rows.map(toFailedEvent);
  }

  /** Takes an event away because it is being processed in this transaction; `false` when somebody else has done so. */
  async remove(tx: Transaction, { row, retries, event }: FailedEvent): Promise<boolean> {
    if ((await tx.run(deleteRow, [row, retries])) === 0) return false;
    await tx.run(deleteLog, [...this.#key(), event.id]);
    return true;
  }

  /** Notes a retry that failed; without a next time the event is dead. The first failure's message stays. */
  async addRetry(
    tx: Transaction,
    failed: FailedEvent,
    error: unknown,
    now: number,
    nextRetryAt?: number,
  ): Promise<void> {
    const message = messageOf(error, failed.event.pageUri);
    const state: FailedEventState = nextRetryAt === undefined ? "dead" : "retrying";
    const next = nextRetryAt ?? null;
    if (failed.state === "waiting") {
      const told = [momentText(now), message, javaHashCode(message)];
      await tx.run(firstFailure, [failed.row, failed.retries, state, next, ...told]);
      return;
    }
    if ((await tx.run(countRetry, [failed.row, failed.retries, state, next])) === 0) return;
    await logRetry(tx, failed, message, now);
  }

  #key(): [string, string] {
    return [this.#subscription.consumer, this.#subscription.feedUri];
  }

  async #add(
    tx: Transaction,
    event: FeedEvent,
    message: string,
    state: FailedEventState,
    now: number,
    nextRetryAt: number | null,
  ): Promise<void> {
    const values: SqlValue[] = [momentText(now), message, event.id, event.content ?? null, javaHashCode(message)];
    values.push(event.title ?? null, event.categories.join(","), state, nextRetryAt, event.orderKey);
    values.push(event.pageUri ?? null, event.contentType ?? null, event.publishedAt ?? null, event.updatedAt ?? null);
    values.push(JSON.stringify(event.categories), event.extension ? JSON.stringify(event.extension) : null);
    await tx.run(insertFailed, [...this.#key(), ...values]);
  }
}

/** Writes one line of an event's history: a retry that failed, or what an operator did. */
export async function logRetry(tx: Transaction, failed: FailedEvent, message: string, now: number): Promise<void> {
  const { consumer, feedUri, event } = failed;
  const cut = message.slice(0, messageLengthMax);
  const values = [momentText(now), cut, event.id, event.content ?? null, javaHashCode(cut)];
  await tx.run(insertLog, [consumer, feedUri, ...values]);
}

/** A row as both databases give it. */
export interface FailedEventRow {
  readonly id: number;
  readonly consumer: string;
  readonly feed_uri: string;
  readonly failed_at: string;
  readonly error_message: string | null;
  readonly event_id: string;
  readonly event_content: string | null;
  readonly title: string | null;
  readonly retries: number;
  readonly tags: string | null;
  readonly state: FailedEventState;
  readonly next_retry_at: number | null;
  readonly order_key: string | null;
  readonly page_uri: string | null;
  readonly content_type: string | null;
  readonly published_at: number | null;
  readonly updated_at: number | null;
  readonly categories: string | null;
  readonly extension: string | null;
}

/** Rebuilds the event; what only historic columns hold is enough. */
export function toFailedEvent(row: FailedEventRow): FailedEvent {
  return {
    row: row.id,
    consumer: row.consumer,
    feedUri: row.feed_uri,
    state: row.state,
    retries: row.retries,
    message: row.error_message ?? "",
    failedAt: row.failed_at,
    nextRetryAt: row.next_retry_at,
    event: {
      id: row.event_id,
      title: row.title ?? undefined,
      content: row.event_content ?? undefined,
      contentType: row.content_type ?? undefined,
      categories: row.categories
        ? (JSON.parse(row.categories) as string[])
        : (row.tags ?? "").split(",").filter(Boolean),
      publishedAt: row.published_at ?? undefined,
      updatedAt: row.updated_at ?? undefined,
      extension: row.extension ? (JSON.parse(row.extension) as EventExtension) : undefined,
      feedUri: null,
      pageUri: row.page_uri ?? undefined,
      isRetry: true,
      orderKey: row.order_key,
    },
  };
}

/** In the words that old tools show: which page, and the error with its stack. Databases hold no NUL in text. */
function messageOf(error: unknown, pageUri: string | undefined): string {
  const told = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
  return `Failed processing event in feed [${pageUri ?? ""}] \n${told}`
    .slice(0, messageLengthMax)
    .replaceAll("\0", "\uFFFD")
    .toWellFormed();
}

function momentText(moment: number): string {
  return new Date(moment).toISOString().slice(0, -1).replace("T", " ");
}
