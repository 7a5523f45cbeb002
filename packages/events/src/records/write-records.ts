import { bulkInsert, type SqlValue, sql, type Transaction } from "@tributary/database";
import { assert } from "@tributary/kernel";
import type { FeedName } from "./feed-name.ts";
import { type RecordValues, recordColumnNames, recordColumns } from "./record-columns.ts";

/** A record that has no position yet. */
export interface UnplacedRecord {
  readonly values: RecordValues;
  /** As the column keeps it; `null` when nobody said when the event was raised. */
  readonly raisedAt: string | null;
  readonly feeds: readonly FeedName[];
}

const advancePosition = sql(
  "update event_sequencer set last_position = last_position + $1 returning last_position as position",
);
const advanceHeads = sql(`
  insert into event_feed_heads (feed, position)
  select value ->> 0, value ->> 1 from json_each($1) where true
  on conflict (feed) do update set position = position + excluded.position
  returning feed, position`);
const insertRecords = bulkInsert("event_records", {
  id: "bigint",
  timestamp: "timestamp",
  date_created: "timestamp",
  ...recordColumns,
});
const listRecords = bulkInsert("event_record_feeds", { feed: "text", feed_position: "bigint", record_id: "bigint" });

/**
 * Writes records straight into SQLite's log, in their order. SQLite has one writer at a time and gives the numbers back
 * when it rolls back, so positions given inside the business transaction are gapless and in commit order.
 */
export async function writeRecords(
  tx: Transaction,
  records: readonly UnplacedRecord[],
  publishedAt: string,
): Promise<void> {
  const last = await tx.first<{ position: number }>(advancePosition, [records.length]);
  assert(last, "the sequencer's row is made together with its table");
  const first = last.position - records.length + 1;
  await insertRecords(
    tx,
    records.map(({ values, raisedAt }, index) => [
      first + index,
      publishedAt,
      raisedAt,
      ...recordColumnNames.map((name) => values[name]),
    ]),
  );
  const idsOf = idsByFeed(records, first);
  const grown = JSON.stringify([...idsOf].map(([feed, ids]) => [feed, ids.length]));
  const listings: SqlValue[][] = [];
  for (const { feed, position } of await tx.all<{ feed: FeedName; position: number }>(advanceHeads, [grown])) {
    const ids = idsOf.get(feed)!;
    const before = position - ids.length;
    for (const [nth, id] of ids.entries()) listings.push([feed, before + nth + 1, id]);
  }
  await listRecords(tx, listings);
}

function idsByFeed(records: readonly UnplacedRecord[], first: number): Map<FeedName, number[]> {
  const ids = new Map<FeedName, number[]>();
  for (const [index, { feeds }] of records.entries()) {
    for (const feed of feeds) {
      const listed = ids.get(feed);
      if (listed) listed.push(first + index);
      else ids.set(feed, [first + index]);
    }
  }
  return ids;
}
