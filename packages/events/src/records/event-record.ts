import { readMoment } from "./moment-text.ts";
import { recordColumnNames } from "./record-columns.ts";

/** One event in the log, in its place. What is `null` was not said when it was raised, or was raised by an older program. */
export interface EventRecord {
  /** Gapless from 1, and visible only after all smaller ones: a reader that has seen position n has seen all before it. */
  readonly position: number;
  readonly uuid: string;
  readonly title: string;
  readonly category: string | null;
  readonly content: string | null;
  readonly uri: string | null;
  /** Separated by commas; the category is the first. */
  readonly tags: string | null;
  /** When it was given its position, in milliseconds since 1970. */
  readonly publishedAt: number;
  /** When it happened, in milliseconds since 1970. */
  readonly raisedAt: number | null;
  readonly eventType: string | null;
  readonly entityType: string | null;
  readonly entityId: string | null;
  readonly version: number | null;
  readonly operation: string | null;
  readonly bodyHash: string | null;
  readonly originNode: string | null;
  readonly originOperation: string | null;
  readonly orderKey: string | null;
  /** Gapless from 1 within the order key, so that a reader can tell a duplicate and a loss. */
  readonly orderSequence: number | null;
  /** Names the transaction that raised it, its place there from 0, and how many events that transaction raised. */
  readonly transactionId: string | null;
  readonly transactionIndex: number | null;
  readonly transactionSize: number | null;
}

/** A row of `event_records` as both databases give it. */
export interface EventRecordRow {
  readonly id: number;
  readonly timestamp: string;
  readonly date_created: string | null;
  readonly uuid: string;
  readonly title: string | null;
  readonly category: string | null;
  readonly object: string | null;
  readonly uri: string | null;
  readonly tags: string | null;
  readonly event_type: string | null;
  readonly entity_type: string | null;
  readonly entity_id: string | null;
  readonly version: number | null;
  readonly operation: string | null;
  readonly body_hash: string | null;
  readonly origin_node: string | null;
  readonly origin_operation: string | null;
  readonly order_key: string | null;
  readonly order_seq: number | null;
  readonly tx_id: string | null;
  readonly tx_index: number | null;
  readonly tx_size: number | null;
}

/** The columns of a row, for a `select` in which the table is called `record`. */
export const recordSelection = ["id", "timestamp", "date_created", ...recordColumnNames]
  .map((name) => `record.${name}`)
  .join(", ");

export function toEventRecord(row: EventRecordRow): EventRecord {
  return {
    position: row.id,
    uuid: row.uuid,
    title: row.title ?? "",
    category: row.category,
    content: row.object,
    uri: row.uri,
    tags: row.tags,
    publishedAt: readMoment(row.timestamp),
    raisedAt: row.date_created === null ? null : readMoment(row.date_created),
    eventType: row.event_type,
    entityType: row.entity_type,
    entityId: row.entity_id,
    version: row.version,
    operation: row.operation,
    bodyHash: row.body_hash,
    originNode: row.origin_node,
    originOperation: row.origin_operation,
    orderKey: row.order_key,
    orderSequence: row.order_seq,
    transactionId: row.tx_id,
    transactionIndex: row.tx_index,
    transactionSize: row.tx_size,
  };
}
