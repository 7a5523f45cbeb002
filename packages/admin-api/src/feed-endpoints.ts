import * as z from "zod";
import { moment, momentOrNever, pageOf } from "./answers.ts";
import type { EndpointTable } from "./endpoint.ts";
import { reason } from "./link-requests.ts";
import { listQuery, order, sortedListQuery } from "./list-query.ts";

export const feedAnswer = z.object({
  /** The category, or `all` for everything. */
  category: z.string(),
  /** The position of its last entry, and so how many there are. */
  head: z.number().int(),
  /** The number of its newest page. */
  lastPage: z.number().int(),
});

const failedState = z.enum(["retrying", "waiting", "dead"]);

/** Somebody who reads a feed and keeps the marker on this node; the empty name is that of the one without a name. */
export const feedConsumer = z.object({
  consumer: z.string(),
  /** The address subscribed to. */
  feed: z.string(),
  /** The category, when it is one of this node's own feeds. */
  category: z.string().nullable(),
  /** The last entry that it has worked off; `null` when it is not known here. */
  lastEntryId: z.string().nullable(),
  /** Entries of an own feed behind the marker; `null` where it is not known. */
  behind: z.number().int().nullable(),
  /** When the marker's entry was published. */
  movedAt: momentOrNever,
  failed: z.number().int(),
  failedByState: z.record(failedState, z.number().int()),
});

/** Where a marker is put: before everything, behind everything, or behind one entry. */
export const markerTarget = z.union([
  z.enum(["beginning", "now"]),
  z.strictObject({ entry: z.string().min(1).max(500) }),
]);

/** An event that a consumer could not process. */
export const feedFailure = z.object({
  failureId: z.string(),
  consumer: z.string(),
  feed: z.string(),
  state: failedState,
  eventId: z.string(),
  title: z.string().nullable(),
  content: z.string().nullable(),
  retries: z.number().int(),
  failedAt: momentOrNever,
  nextRetryAt: momentOrNever,
  /** What the consumer said; `null` for a role that may not see people. */
  message: z.string().nullable(),
  /** What the event waits behind, and its later failures, the latest first; only with one failure. */
  log: z.array(z.object({ at: momentOrNever, message: z.string().nullable() })).optional(),
});

/** What became of one event at one consumer. */
export const eventAtConsumer = z.object({
  consumer: z.string(),
  /** A reader of a feed on this node, or a child. */
  kind: z.enum(["subscription", "child"]),
  /** The feed's address, or the stream of the child. */
  feed: z.string(),
  /**
   * `taken`; `failed` and tried again, or given up (`dead`); `waiting` behind an earlier event of the record; `not-yet`
   * come to; `outside` what this consumer reads; `unknown` where nothing tells.
   */
  state: z.enum(["taken", "failed", "dead", "waiting", "not-yet", "outside", "unknown"]),
  /** When it was taken, or failed first; `null` where it is not known. */
  at: momentOrNever,
  /** Why it failed; a sentence only for a role that may see people. */
  error: z.string().nullable(),
  retries: z.number().int(),
  /** How many entries of its feed it has to read before this one is done; only while it is `not-yet`. */
  behind: z.number().int().nullable(),
});

export const eventFollowed = z.object({
  event: z.object({
    id: z.string(),
    position: z.number().int(),
    publishedAt: moment,
    title: z.string(),
    category: z.string().nullable(),
    eventType: z.string().nullable(),
    reference: z.string().nullable(),
    version: z.number().int().nullable(),
    originNode: z.string().nullable(),
    /** Where it stands in the published feeds. */
    places: z.array(z.object({ category: z.string(), position: z.number().int(), page: z.number().int() })),
  }),
  /** How many consumers stand so with it, whatever was filtered. */
  counts: z.record(z.string(), z.number().int()),
  items: z.array(eventAtConsumer),
  next: z.string().nullable(),
});

export const feedEntryAnswer = z.object({
  position: z.number().int(),
  id: z.string(),
  title: z.string(),
  category: z.string().nullable(),
  content: z.string().nullable(),
  publishedAt: moment,
  eventType: z.string().nullable(),
  reference: z.string().nullable(),
  version: z.number().int().nullable(),
  originNode: z.string().nullable(),
});

/** The published feeds, and who reads them. */
export const feedEndpoints = {
  "GET /feeds": {
    right: "watch",
    summary: "A page of the categories with their heads, and the consumers that keep their markers here.",
    /** By `category` the feed of everything, `all`, stands first. */
    query: sortedListQuery(["category", "head"]),
    answer: pageOf(feedAnswer).extend({ consumers: z.array(feedConsumer) }),
  },
  "GET /feeds/consumers": {
    right: "watch",
    summary: "A page of the consumers that keep their markers here.",
    query: sortedListQuery(["consumer", "feed", "failed"]).extend({ category: z.string().max(200).optional() }),
    answer: pageOf(feedConsumer),
  },
  "POST /feeds/consumers/marker": {
    right: "operate",
    summary: "Moves a consumer's marker, or resets it; refused when the entry is not on the feed.",
    body: z.strictObject({
      consumer: z.string().max(200),
      feed: z.string().min(1).max(2_000),
      to: markerTarget,
      reason,
    }),
    answer: z.object({
      consumer: z.string(),
      feed: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  },
  "GET /feeds/failures": {
    right: "watch",
    summary: "A page of the events that consumers could not process, the oldest first when nothing is said.",
    query: listQuery.extend({
      consumer: z.string().max(200).optional(),
      feed: z.string().max(2_000).optional(),
      state: failedState.optional(),
      /** A part of the event's id, title or content. */
      q: z.string().max(200).optional(),
      /** By when each failed first, or by one of these and then by that. */
      sort: z.enum(["failedAt", "consumer", "feed", "state", "retries"]).default("failedAt"),
      order: order.default("asc"),
    }),
    answer: pageOf(feedFailure),
  },
  "GET /feeds/failures/:id": { right: "watch", summary: "One of them, with its log.", answer: feedFailure },
  "POST /feeds/failures/:id/retry": {
    right: "operate",
    summary: "Has the event tried again in the consumer's next run, as often as a new one.",
    answer: z.object({ retried: z.string() }),
  },
  "POST /feeds/failures/:id/discard": {
    right: "operate",
    summary: "Gives the event up for this consumer.",
    body: z.strictObject({ reason }),
    answer: z.object({ discarded: z.string() }),
  },
  "GET /events/:id/consumers": {
    right: "watch",
    summary:
      "One event followed through everybody who reads it: who took it when, where it failed, who has not come to it.",
    /** Those that keep their markers here before the children when nothing is said; `q` is a part of the name. */
    query: sortedListQuery(["kind", "consumer", "feed", "state", "at", "retries", "behind"]).extend({
      state: eventAtConsumer.shape.state.optional(),
    }),
    answer: eventFollowed,
  },
  "GET /feeds/:category/:page": {
    right: "watch",
    summary: "One page of a feed as JSON: a number, or `recent`.",
    answer: z.object({
      category: z.string(),
      page: z.number().int(),
      lastPage: z.number().int(),
      entries: z.array(feedEntryAnswer),
    }),
  },
} as const satisfies EndpointTable;

/** A published feed with its length. */
export type FeedAnswer = z.output<typeof feedAnswer>;
/** A reader of a feed with its marker, and how far it is behind. */
export type FeedConsumer = z.output<typeof feedConsumer>;
/** An event that a consumer could not process. */
export type FeedFailure = z.output<typeof feedFailure>;
/** How one event fared at one consumer. */
export type EventAtConsumer = z.output<typeof eventAtConsumer>;
/** One event at all its consumers and children. */
export type EventFollowed = z.output<typeof eventFollowed>;
/** An entry on a page of a feed. */
export type FeedEntryAnswer = z.output<typeof feedEntryAnswer>;
