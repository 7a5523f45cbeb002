import { sql, type Transaction } from "@tributary/database";
import { categoryFeed, streamFeed } from "../records/feed-name.ts";
import { writeMoment } from "../records/moment-text.ts";
import { writeRecords } from "../records/write-records.ts";
import { countByKey, type EventBatch, streamsOfEach, valuesOf } from "./event-batch.ts";

// One statement for all keys of a transaction; those of a snapshot's chunk are thousands.
const advanceKeys = sql(`
  insert into event_streams (order_key, seq)
  select value ->> 0, value ->> 1 from json_each($1) where true
  on conflict (order_key) do update set seq = seq + excluded.seq
  returning order_key, seq`);

/** Puts a transaction's events into SQLite's log, numbered, within the same transaction. */
export async function writeToLog(tx: Transaction, batch: EventBatch, now: number): Promise<void> {
  const next = await reserve(tx, countByKey(batch));
  const feedsOf = streamsOfEach((streams) => [...new Set(streams)].map(streamFeed));
  const records = batch.map((event) => ({
    values: valuesOf(event, event.draft.orderKey === null ? null : takeOne(next, event.draft.orderKey)),
    raisedAt: writeMoment(event.raisedAt),
    feeds: [categoryFeed(event.draft.category), ...feedsOf(event.draft)],
  }));
  await writeRecords(tx, records, writeMoment(now));
}

/** The first free number of each key. */
async function reserve(tx: Transaction, counts: Map<string, number>): Promise<Map<string, number>> {
  if (counts.size === 0) return new Map();
  const rows = await tx.all<{ order_key: string; seq: number }>(advanceKeys, [JSON.stringify([...counts])]);
  return new Map(rows.map(({ order_key, seq }) => [order_key, seq - counts.get(order_key)! + 1]));
}

function takeOne(next: Map<string, number>, key: string): number {
  const taken = next.get(key)!;
  next.set(key, taken + 1);
  return taken;
}
