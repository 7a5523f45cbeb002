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

/** An event that is about to be written, with its place in the transaction of which readers are told. */
interface PlacedEvent extends PendingEvent {
  readonly place: { readonly set: string; readonly index: number; readonly size: number };
}

const noStreams: readonly string[] = [];

/** The events that one transaction writes at once, in the order of their appends. */
export type EventBatch = readonly PlacedEvent[];

/** Gives events their places in their change sets, behind those that were `written` before, and counts them there. */
export function placeEvents(
  events: readonly PendingEvent[],
  transactionId: string,
  written: Map<string, number>,
): EventBatch {
  const placed = events.map((event) => {
    const set = event.draft.changeSet ?? transactionId;
    const index = written.get(set) ?? 0;
    written.set(set, index + 1);
    return { event, set, index };
  });
  return placed.map(({ event, set, index }) => ({ ...event, place: { set, index, size: written.get(set)! } }));
}

/**
 * Asks events for their streams, when their transaction is about to commit, and makes something of them. Events that share
 * one list, as the records of a patient do, share what is made of it.
 */
export function streamsOfEach<Made extends object | string>(
  make: (streams: readonly string[]) => Made,
): (draft: EventDraft) => Made {
  const made = new Map<readonly string[], Made>();
  return ({ streams = noStreams }) => {
    const told = typeof streams === "object" ? streams : streams();
    let known = made.get(told);
    if (known === undefined) {
      if (told !== streams) requireStreams(told);
      known = make(told);
      made.set(told, known);
    }
    return known;
  };
}

/** How many events of each order key a batch has. */
export function countByKey(batch: EventBatch): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { draft } of batch) {
    if (draft.orderKey !== null) counts.set(draft.orderKey, (counts.get(draft.orderKey) ?? 0) + 1);
  }
  return counts;
}

/** The columns of an event; `orderSeq` is its number within its order key. */
export function valuesOf({ draft, text, uuid, place }: PlacedEvent, orderSeq: number | null): RecordValues {
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
    tx_id: place.set,
    tx_index: place.index,
    tx_size: place.size,
  };
}
