import { type Reader, sql } from "@tributary/database";
import type { FailedEventState } from "./failed-events.ts";

/** Subscriptions that are told at the most; a node reads a handful. */
const subscriptionsMax = 1_000;

/** What one subscription of this node knows of one event. */
export interface EventAtSubscription {
  readonly consumer: string;
  readonly feedUri: string;
  /** Where its marker stands; `null` at the beginning. */
  readonly lastEntryId: string | null;
  /** Whether it remembers to have dealt with the event, and when; it remembers the last 2,000, and older rows no time. */
  readonly isRemembered: boolean;
  readonly readAt: number | null;
  /** How it stands among the failed events; `null` when it is none of them. */
  readonly failed: FailedEventState | null;
  /** UTC, as `YYYY-MM-DD HH:MM:SS.mmm`. */
  readonly failedAt: string | null;
  readonly retries: number;
  /** May hold personal data: not for logs. */
  readonly message: string | null;
}

const readAll = sql(`
  select m.consumer, m.feed_uri as "feedUri", m.last_read_entry_id as "lastEntryId",
    case when r.entry_id is null then 0 else 1 end as remembered, r.read_at as "readAt",
    f.state as failed, f.failed_at as "failedAt", coalesce(f.retries, 0) as retries, f.error_message as message
  from markers m
  left join read_entries r on r.consumer = m.consumer and r.feed_uri = m.feed_uri and r.entry_id = $1
  left join failed_events f on f.consumer = m.consumer and f.feed_uri = m.feed_uri and f.event_id = $1
  order by m.feed_uri, m.consumer limit ${subscriptionsMax}`);

/** What each subscription knows of an event, by the id of its entry. Key look-ups only. */
export async function readEventAtSubscriptions(reader: Reader, entryId: string): Promise<EventAtSubscription[]> {
  const rows = await reader.all<Omit<EventAtSubscription, "isRemembered"> & { readonly remembered: number }>(readAll, [
    entryId,
  ]);
  return rows.map(({ remembered, ...row }) => ({ ...row, isRemembered: remembered === 1 }));
}
