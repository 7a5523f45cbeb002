import { type Reader, sql } from "@tributary/database";

/** Beyond this a backlog is told as "so many at least"; counting on would only cost. */
const queuedMax = 10_000;

const countQueue = sql("select count(*) as n from (select 1 from event_records_queue limit $1) as queued");

/** How many committed events wait for their place in the log, up to 10,000; near 0 while the sequencer keeps up. */
export async function countQueuedEvents(reader: Reader): Promise<number> {
  return (await reader.first<{ n: number }>(countQueue, [queuedMax]))?.n ?? 0;
}
