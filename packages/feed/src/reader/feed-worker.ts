import type { Transaction } from "@tributary/database";
import type { FeedEvent } from "./feed-event.ts";

/** What is done with each event. Whatever it throws is the event's failure, and stops no other event. */
export interface FeedWorker<Prepared = undefined> {
  /** Gathers what the work needs from outside, before a transaction is open: SQLite has one writer at a time. */
  prepare?(event: FeedEvent, signal: AbortSignal): Promise<Prepared>;
  /** Does the work through `tx`, which also moves the marker: both become durable, or neither. */
  process(event: FeedEvent, tx: Transaction, prepared: Prepared): Promise<void>;
}
