import { type Reader, sql, type Transaction } from "@tributary/database";
import { type FailedEvent, type FailedEventRow, logRetry, toFailedEvent } from "./failed-events.ts";

/** What came of an operator's decision about one failed event. */
export type FailedEventDecision =
  /** It is done: the event will be retried at the next run, or is gone. */
  | "done"
  /** An earlier event of the same record stands before it; decide about that one first. */
  | "waits-behind-another"
  /** There is no such row any more: it has been processed meanwhile. */
  | "gone";

const selectLog = sql(`
  select failed_at as "failedAt", error_message as message from failed_event_retry_log
  where consumer = $1 and feed_uri = $2 and event_id = $3 order by id desc limit $4`);
const selectRow = sql("select * from failed_events where id = $1");
const retryNow = sql("update failed_events set state = 'retrying', retries = 0, next_retry_at = $2 where id = $1");
const deleteRow = sql("delete from failed_events where id = $1");

/** Has an event tried again at the next run, with all its retries before it; a dead one too. */
export async function retryFailedEvent(tx: Transaction, row: number, now: number): Promise<FailedEventDecision> {
  const failed = await readRow(tx, row);
  if (!failed) return "gone";
  if (failed.state === "waiting") return "waits-behind-another";
  await tx.run(retryNow, [row, now]);
  return "done";
}

/**
 * Gives an event up: it will never be processed, and what waits behind it goes on. The reason stays in the event's
 * history (`failed_event_retry_log`).
 */
export async function discardFailedEvent(
  tx: Transaction,
  row: number,
  reason: string,
  now: number,
): Promise<FailedEventDecision> {
  const failed = await readRow(tx, row);
  if (!failed) return "gone";
  await tx.run(deleteRow, [row]);
  await logRetry(tx, failed, `Discarded: ${reason}`, now);
  return "done";
}

/** One failed event by its row; `undefined` when it is none any more. */
export function readFailedEvent(reader: Reader, row: number): Promise<FailedEvent | undefined> {
  return readRow(reader, row);
}

/** What went wrong with an event after its first failure, the latest first. Messages may hold personal data. */
export function readRetryLog(
  reader: Reader,
  { consumer, feedUri, event }: FailedEvent,
  limit: number,
): Promise<{ readonly failedAt: string; readonly message: string | null }[]> {
  return reader.all(selectLog, [consumer, feedUri, event.id, limit]);
}

async function readRow(reader: Reader, row: number): Promise<FailedEvent | undefined> {
  const found = await reader.first<FailedEventRow>(selectRow, [row]);
  return found && toFailedEvent(found);
}
