import { type Database, type Reader, type SqlValue, sql, type Transaction } from "@tributary/database";
import { categoryFeed, type FeedName, streamFeed } from "../records/feed-name.ts";
import { type RecordValues, recordColumnNames } from "../records/record-columns.ts";
import { writeRecords } from "../records/write-records.ts";

/** So many rows are a few milliseconds of work, and drain a full queue at better than 50,000 events a second. */
export const moveBatchMax = 1_000;

const moveOnPostgres = sql("select move_event_records($1, $2 <> 0) as moved");
const takeOnSqlite = sql(`
  delete from event_records_queue
  where id in (select id from event_records_queue order by id limit $1)
  returning *`);
const now = sql("select strftime('%Y-%m-%d %H:%M:%f', 'now') as moment");
const newUuid = sql("select lower(hex(randomblob(16))) as uuid");

/**
 * Does one round of the sequencer: moves the oldest committed rows of the queue to the log, numbers them, and returns
 * how many there were. Any number of callers may do so at once; each row is moved once.
 *
 * On SQLite only rows that another program has inserted can be in the queue; the outbox writes to the log itself.
 */
export function moveQueuedEvents(database: Database, limit: number = moveBatchMax): Promise<number> {
  return database.dialect === "postgres"
    ? moveOnce(database, limit, "whole queue")
    : database.transaction((tx) => moveForeignRows(tx, limit));
}

/**
 * Gives every event its place that was committed before the call, so that the end of a stream is behind all that could be
 * read by then. On SQLite the outbox writes to the log itself, and nothing is done.
 */
export async function sequenceCommitted(database: Database): Promise<void> {
  if (database.dialect === "sqlite") return;
  for (let moved = moveBatchMax; moved === moveBatchMax; ) moved = await moveQueuedEvents(database);
}

/**
 * One call of PostgreSQL's function. It is a transaction of its own, so it is not wrapped into another one: that would
 * only add two round trips while the sequencer's row is locked.
 */
export async function moveOnce(reader: Reader, limit: number, scan: "from hint" | "whole queue"): Promise<number> {
  const row = await reader.first<{ moved: number }>(moveOnPostgres, [limit, scan === "from hint" ? 1 : 0]);
  return row?.moved ?? 0;
}

type QueueRow = RecordValues & {
  readonly id: number;
  readonly timestamp: string | null;
  readonly streams: string | null;
};

async function moveForeignRows(tx: Transaction, limit: number): Promise<number> {
  const rows = (await tx.all<QueueRow>(takeOnSqlite, [limit])).toSorted((a, b) => a.id - b.id);
  if (rows.length === 0) return 0;
  const records = [];
  for (const row of rows) {
    records.push({ values: await identified(tx, row), raisedAt: row.timestamp, feeds: feedsOf(row) });
  }
  const { moment } = (await tx.first<{ moment: string }>(now))!;
  await writeRecords(tx, records, moment);
  return rows.length;
}

async function identified(tx: Transaction, row: QueueRow): Promise<RecordValues> {
  const values = Object.fromEntries(recordColumnNames.map((name) => [name, row[name]])) as Record<string, SqlValue>;
  values["uuid"] ??= (await tx.first<{ uuid: string }>(newUuid))!.uuid;
  return values as RecordValues;
}

function feedsOf(row: QueueRow): readonly FeedName[] {
  const category = typeof row.category === "string" && row.category !== "" ? [categoryFeed(row.category)] : [];
  return [...category, ...(row.streams?.split(" ").map(streamFeed) ?? [])];
}
