import { type Reader, type Sql, sql } from "@tributary/database";
import { type FailedEvent, type FailedEventRow, type FailedEventState, toFailedEvent } from "./failed-events.ts";

/** By what failed events can be sorted: by when each failed first, or by one of these and then by that. */
export type FailedEventSort = "failedAt" | "consumer" | "feed" | "state" | "retries";

/** Which failed events to list, and in which order; every member narrows the list. */
export interface FailedEventQuery {
  readonly consumer?: string;
  readonly feedUri?: string;
  readonly state?: FailedEventState;
  /** A part of the event's id, title or content, in any case of the letters A to Z. */
  readonly text?: string;
  readonly sort?: FailedEventSort;
  /** The first to fail comes first, unless `desc` is asked for. */
  readonly order?: "asc" | "desc";
  /** Only rows after this one, in that order: the last row of the page before. */
  readonly afterRow?: number;
  /** What that row is sorted by, where it is not by when it failed. */
  readonly afterValue?: string | number;
  /** At most 500, which is also the default. */
  readonly limit?: number;
}

const listMax = 500;

/** What failed is sorted where it stands: events of which people have to take care are no more than can be read. */
const sortedBy: Readonly<Record<FailedEventSort, Readonly<Record<"sqlite" | "postgres", string>>>> = {
  failedAt: { sqlite: "id", postgres: "id" },
  consumer: { sqlite: "consumer", postgres: `consumer collate "C"` },
  feed: { sqlite: "coalesce(feed_uri, '')", postgres: `coalesce(feed_uri, '') collate "C"` },
  state: { sqlite: "state", postgres: `state collate "C"` },
  retries: { sqlite: "retries", postgres: "retries" },
};

const lists: Readonly<Record<FailedEventSort, Readonly<Record<"asc" | "desc", Sql>>>> = {
  failedAt: bothWays("failedAt"),
  consumer: bothWays("consumer"),
  feed: bothWays("feed"),
  state: bothWays("state"),
  retries: bothWays("retries"),
};

/** Lists failed events in the order that is asked for, those that are alike by when they failed. */
export async function listFailedEvents(reader: Reader, query: FailedEventQuery = {}): Promise<FailedEvent[]> {
  const { consumer = null, feedUri = null, state = null, text, sort = "failedAt", order = "asc" } = query;
  const { limit = listMax, afterRow = order === "asc" ? 0 : Number.MAX_SAFE_INTEGER, afterValue = null } = query;
  const rows = await reader.all<FailedEventRow>(lists[sort][order], [
    afterRow,
    consumer,
    feedUri,
    state,
    text === undefined ? null : `%${text.toLowerCase().replace(/[!%_]/g, "!$&")}%`,
    Math.min(limit, listMax),
    ...(sort === "failedAt" ? [] : [afterValue]),
  ]);
  return rows.map(toFailedEvent);
}

/** By what a failed event stands in a list that is sorted so. */
export function sortValueOf(failed: FailedEvent, sort: FailedEventSort): string | number {
  const { row, consumer, feedUri, state, retries } = failed;
  return { failedAt: row, consumer, feed: feedUri, state, retries }[sort];
}

function bothWays(sort: FailedEventSort): Readonly<Record<"asc" | "desc", Sql>> {
  return { asc: listed(sort, "asc", ">"), desc: listed(sort, "desc", "<") };
}

function listed(sort: FailedEventSort, order: "asc" | "desc", behind: ">" | "<"): Sql {
  const type = sort === "retries" ? "bigint" : "text";
  const placeOf = (value: string) =>
    sort === "failedAt"
      ? `id ${behind} $1`
      : `(cast($7 as ${type}) is null or (${value}, id) ${behind} (cast($7 as ${type}), $1))`;
  const pageBy = (value: string) => `
    select * from failed_events
    where ${placeOf(value)}
      and (cast($2 as text) is null or consumer = $2)
      and (cast($3 as text) is null or feed_uri = $3)
      and (cast($4 as text) is null or state = $4)
      and (cast($5 as text) is null
        or lower(event_id || ' ' || coalesce(title, '') || ' ' || coalesce(event_content, '')) like $5 escape '!')
    order by ${value} ${order}, id ${order}
    limit $6`;
  return sql({ sqlite: pageBy(sortedBy[sort].sqlite), postgres: pageBy(sortedBy[sort].postgres) });
}
