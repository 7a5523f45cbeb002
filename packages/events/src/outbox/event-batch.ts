import type { RecordValues } from "../records/record-columns.ts";
import { type CarriableText, requireStreams } from "./carriable.ts";
import type { EventDraft } from "./event-draft.ts";

/** One event between its append and the end of its transaction. */
export interface PendingEvent {
  readonly draft: EventDraft;
  readonly text: CarriableText;
  readonly uuid: string;
  /** Milliseconds since 1970. */
  readonly raisedAt: number;
}

/** The events that one transaction writes at once, in the order of their appends. */
export interface EventBatch {
  readonly transactionId: string;
  /** Events of the same transaction that earlier batches have written. */
  readonly alreadyWritten: number;
  readonly events: readonly PendingEvent[];
}

/** The streams of an event, asked for when its transaction is about to commit. */
export function streamsOf({ streams = [] }: EventDraft): readonly string[] {
  if (typeof streams === "object") return streams;
  const told = streams();
  requireStreams(told);
  return told;
}

/** How many events of each order key a batch has. */
export function countByKey(batch: EventBatch): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { draft } of batch.events) {
    if (draft.orderKey !== null) counts.set(draft.orderKey, (counts.get(draft.orderKey) ?? 0) + 1);
  }
  return counts;
}

/** The columns of a batch's event; `orderSeq` is its number within its order key. */
export function valuesOf(batch: EventBatch, index: number, orderSeq: number | null): RecordValues {
  const { draft, text, uuid } = batch.events[index]!;
  return {
    uuid,
    title: text.title,
    uri: draft.uri ?? null,
    object: text.content,
    category: text.category,
    tags: text.tags,
    event_type: draft.eventType,
    entity_type: draft.entity?.type ?? null,
    entity_id: draft.entity?.id ?? null,
    version: draft.version ?? null,
    operation: draft.operation ?? null,
    body_hash: draft.bodyHash ?? null,
    origin_node: draft.originNode ?? null,
    origin_operation: draft.originOperation ?? null,
    order_key: draft.orderKey,
    order_seq: orderSeq,
    tx_id: batch.transactionId,
    tx_index: batch.alreadyWritten + index,
    tx_size: batch.alreadyWritten + batch.events.length,
  };
}
