import { sql, type Transaction } from "@tributary/database";
import { categoryFeed, type FeedName, streamFeed } from "../records/feed-name.ts";
import { writeMoment } from "../records/moment-text.ts";
import { writeRecords } from "../records/write-records.ts";
import { countByKey, type EventBatch, streamsOf, valuesOf } from "./event-batch.ts";
import type { EventDraft } from "./event-draft.ts";

const advanceKey = sql(`
  insert into event_streams (order_key, seq)
  values ($1, $2)
  on conflict (order_key) do update set seq = seq + excluded.seq
  returning seq`);

/** Puts a transaction's events into SQLite's log, numbered, within the same transaction. */
export async function writeToLog(tx: Transaction, batch: EventBatch, now: number): Promise<void> {
  const next = await reserve(tx, countByKey(batch));
  const records = batch.map((event) => ({
    values: valuesOf(event, event.draft.orderKey === null ? null : takeOne(next, event.draft.orderKey)),
    raisedAt: writeMoment(event.raisedAt),
    feeds: feedsOf(event.draft),
  }));
  await writeRecords(tx, records, writeMoment(now));
}

/** The first free number of each key. */
async function reserve(tx: Transaction, counts: Map<string, number>): Promise<Map<string, number>> {
  const next = new Map<string, number>();
  for (const [key, count] of counts) {
    const row = await tx.first<{ seq: number }>(advanceKey, [key, count]);
    next.set(key, row!.seq - count + 1);
  }
  return next;
}

function takeOne(next: Map<string, number>, key: string): number {
  const taken = next.get(key)!;
  next.set(key, taken + 1);
  return taken;
}

function feedsOf(draft: EventDraft): readonly FeedName[] {
  return [categoryFeed(draft.category), ...new Set(streamsOf(draft).map(streamFeed))];
}
