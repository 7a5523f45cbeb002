import { type Reader, sql } from "@tributary/database";
import type { FeedName } from "./feed-name.ts";
import { readMoment } from "./moment-text.ts";

/** A place in a feed. */
export interface FeedPlace {
  readonly feed: FeedName;
  readonly position: number;
}

interface PublishedRow {
  readonly feed: string;
  readonly position: number;
  readonly timestamp: string;
}

const readTimes = sql({
  sqlite: `
    select listing.feed, listing.feed_position as position, record.timestamp
    from json_each($1) place
    join event_record_feeds listing
      on listing.feed = json_extract(place.value, '$[0]')
      and listing.feed_position = json_extract(place.value, '$[1]')
    join event_records record on record.id = listing.record_id`,
  postgres: `
    select listing.feed, listing.feed_position as position, record.timestamp
    from json_array_elements($1::json) place
    join event_record_feeds listing
      on listing.feed = place->>0 and listing.feed_position = (place->>1)::bigint
    join event_records record on record.id = listing.record_id`,
});

/**
 * When the entries at some places were given their positions, in milliseconds since 1970, by `feed position`. Places
 * where nothing stands are left out. Two key look-ups a place, in one statement; the feed of everything is no listing and
 * has no places here.
 */
export async function readPublishedTimes(
  reader: Reader,
  places: readonly FeedPlace[],
): Promise<ReadonlyMap<string, number>> {
  if (places.length === 0) return new Map();
  const asked = JSON.stringify(places.map(({ feed, position }) => [feed, position]));
  const rows = await reader.all<PublishedRow>(readTimes, [asked]);
  return new Map(rows.map(({ feed, position, timestamp }) => [`${feed} ${position}`, readMoment(timestamp)]));
}
