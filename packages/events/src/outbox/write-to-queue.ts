import { sql, type Transaction } from "@tributary/database";
import { writeMoment } from "../records/moment-text.ts";
import { recordColumnNames, recordColumns } from "../records/record-columns.ts";
import { countByKey, type EventBatch, streamsOfEach, valuesOf } from "./event-batch.ts";

const definitions = Object.entries({
  ...recordColumns,
  timestamp: "timestamp",
  streams: "text",
  nth: "bigint",
  later: "bigint",
});
const copied = recordColumnNames.filter((name) => name !== "order_seq").join(", ");

/**
 * Locks and advances the order keys in one order (so that transactions that share several keys do not deadlock), then
 * queues the events. A key's number and its queue number are both drawn under the key's lock, so the two orders agree.
 */
const queueEvents = sql(`
  with drafted as materialized (
    select *
    from json_to_recordset($1::json) as drafted (${definitions.map(([name, type]) => `"${name}" ${type}`).join(", ")})
  ), advanced as (
    insert into event_streams as stream (order_key, seq)
    select order_key, count(*)
    from drafted
    where order_key is not null
    group by order_key
    order by order_key collate "C"
    on conflict (order_key) do update set seq = stream.seq + excluded.seq
    returning order_key, seq
  )
  insert into event_records_queue (${copied}, timestamp, streams, order_seq)
  select ${copied}, timestamp, streams, advanced.seq - later
  from drafted left join advanced using (order_key)
  order by nth`);

/** Puts a transaction's events into PostgreSQL's queue, from which the sequencer moves them once they are committed. */
export async function writeToQueue(tx: Transaction, batch: EventBatch): Promise<void> {
  const left = countByKey(batch);
  const streamsOf = streamsOfEach((streams) => streams.join(" "));
  const rows = batch.map((event, nth) => ({
    ...valuesOf(event, null),
    timestamp: writeMoment(event.raisedAt),
    streams: streamsOf(event.draft) || null,
    nth,
    later: event.draft.orderKey === null ? null : takeOne(left, event.draft.orderKey),
  }));
  await tx.run(queueEvents, [JSON.stringify(rows)]);
}

/** How many events of this key still follow in the batch. */
function takeOne(left: Map<string, number>, key: string): number {
  const later = left.get(key)! - 1;
  left.set(key, later);
  return later;
}
