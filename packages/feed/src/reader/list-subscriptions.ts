import { type Reader, sql } from "@tributary/database";

/** Subscriptions that are told at the most; a node reads a handful. */
const subscriptionsMax = 1_000;

/** How far one consumer of this node has read one feed, and what it could not process. */
export interface SubscriptionState {
  readonly consumer: string;
  readonly feedUri: string;
  readonly lastEntryId: string | null;
  readonly lastPublishedAt: number | null;
  readonly failed: number;
  readonly retrying: number;
  readonly waiting: number;
  readonly dead: number;
}

const readAll = sql(`
  select m.consumer, m.feed_uri as "feedUri", m.last_read_entry_id as "lastEntryId",
    m.last_read_published as "lastPublishedAt", coalesce(f.n, 0) as failed, coalesce(f.retrying, 0) as retrying,
    coalesce(f.waiting, 0) as waiting, coalesce(f.dead, 0) as dead
  from markers m
  left join (
    select consumer, feed_uri, count(*) as n,
      sum(case when state = 'retrying' then 1 else 0 end) as retrying,
      sum(case when state = 'waiting' then 1 else 0 end) as waiting,
      sum(case when state = 'dead' then 1 else 0 end) as dead
    from failed_events group by consumer, feed_uri) f
    on f.consumer = m.consumer and f.feed_uri = m.feed_uri
  order by m.feed_uri, m.consumer limit ${subscriptionsMax}`);

/** Every subscription that this node has begun to read, by feed and consumer. */
export function listSubscriptions(reader: Reader): Promise<SubscriptionState[]> {
  return reader.all<SubscriptionState>(readAll);
}
