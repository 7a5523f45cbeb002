import { type Reader, sql } from "@tributary/database";
import { type EventRecord, type EventRecordRow, recordSelection, toEventRecord } from "./event-record.ts";
import { allFeed, type FeedName } from "./feed-name.ts";

/** A record at its position in one feed. */
export interface FeedEntry {
  readonly feedPosition: number;
  readonly record: EventRecord;
}

const readLogHead = sql("select last_position as position from event_sequencer");
const readHead = sql("select position from event_feed_heads where feed = $1");
const readLogRange = sql(`
  select ${recordSelection}
  from event_records record
  where record.id between $1 and $2
  order by record.id`);
const readRange = sql(`
  select listing.feed_position, ${recordSelection}
  from event_record_feeds listing
  join event_records record on record.id = listing.record_id
  where listing.feed = $1 and listing.feed_position between $2 and $3
  order by listing.feed_position`);
const readAfter = sql(`
  select ${recordSelection}
  from event_records record
  where record.id > $1
  order by record.id
  limit $2`);

/** The last position of a feed, and so the number of its entries; 0 when it is empty. A key look-up. */
export async function readFeedHead(reader: Reader, feed: FeedName): Promise<number> {
  const row =
    feed === allFeed
      ? await reader.first<{ position: number }>(readLogHead)
      : await reader.first<{ position: number }>(readHead, [feed]);
  return row?.position ?? 0;
}

/** The entries of a feed from one position to another, both included, in order. A key range at any depth. */
export async function readFeedRange(reader: Reader, feed: FeedName, from: number, to: number): Promise<FeedEntry[]> {
  if (feed === allFeed) {
    const rows = await reader.all<EventRecordRow>(readLogRange, [from, to]);
    return rows.map((row) => ({ feedPosition: row.id, record: toEventRecord(row) }));
  }
  const rows = await reader.all<EventRecordRow & { feed_position: number }>(readRange, [feed, from, to]);
  return rows.map((row) => ({ feedPosition: row.feed_position, record: toEventRecord(row) }));
}

/** The next records after a position, at most `limit`, in order. */
export async function readRecordsAfter(reader: Reader, position: number, limit: number): Promise<EventRecord[]> {
  const rows = await reader.all<EventRecordRow>(readAfter, [position, limit]);
  return rows.map(toEventRecord);
}
