import { type Reader, sql } from "@tributary/database";
import { allFeed, type FeedName } from "./feed-name.ts";

const findPosition = sql("select min(id) as position from event_records where uuid = $1");

/**
 * Halves the feed until the record's place is found: a feed's records stand in the order of their positions, so some
 * twenty key look-ups do what another index would need a row for every listing for.
 */
const findListing = sql(`
  with recursive halved (low, high) as (
    select cast(1 as bigint), position
    from event_feed_heads
    where feed = $1
    union all
    select case when middle.record_id < $2 then middle.feed_position + 1 else low end,
           case when middle.record_id < $2 then high else middle.feed_position end
    from halved
    join event_record_feeds middle on middle.feed = $1 and middle.feed_position = (low + high) / 2
    where low < high
  )
  select feed_position as position
  from event_record_feeds
  where feed = $1
    and feed_position = (select low from halved where low >= high limit 1)
    and record_id = $2`);

/** Where an event stands in a feed, by the event's uuid; `undefined` when it is not in it. */
export async function findFeedPosition(reader: Reader, feed: FeedName, uuid: string): Promise<number | undefined> {
  const record = await reader.first<{ position: number | null }>(findPosition, [uuid]);
  if (record?.position == null) return undefined;
  if (feed === allFeed) return record.position;
  const listing = await reader.first<{ position: number }>(findListing, [feed, record.position]);
  return listing?.position;
}
