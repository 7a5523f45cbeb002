import { type Reader, sql } from "@tributary/database";

/** Feeds that are told at the most; a node has some hundred categories and a stream for each catchment. */
const feedsMax = 10_000;

const readHeads = sql(`
  select feed, position from event_feed_heads where feed >= $1 and feed < $2 order by feed limit ${feedsMax}`);

/** The last positions of all feeds of one kind that have entries, by what they are called: a category or a stream. */
export async function listFeedHeads(reader: Reader, kind: "category" | "stream"): Promise<ReadonlyMap<string, number>> {
  const prefix = `${kind}:`;
  // The character after the colon ends the range of names that begin so.
  const rows = await reader.all<{ feed: string; position: number }>(readHeads, [prefix, `${kind};`]);
  return new Map(rows.map(({ feed, position }) => [feed.slice(prefix.length), position]));
}
