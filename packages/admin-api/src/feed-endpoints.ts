import * as z from "zod";
import { moment, momentOrNever } from "./answers.ts";
import type { EndpointTable } from "./endpoint.ts";

export const feedAnswer = z.object({
  /** The category, or `all` for everything. */
  category: z.string(),
  /** The position of its last entry, and so how many there are. */
  head: z.number().int(),
  /** The number of its newest page. */
  lastPage: z.number().int(),
});

export const feedConsumer = z.object({
  consumer: z.string(),
  feed: z.string(),
  /** The last entry that it has worked off; `null` when it is not known here. */
  lastEntryId: z.string().nullable(),
  movedAt: momentOrNever,
  failed: z.number().int(),
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
    summary: "The categories with their heads, and the consumers that keep their markers here.",
    answer: z.object({ items: z.array(feedAnswer), consumers: z.array(feedConsumer) }),
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

export type FeedAnswer = z.output<typeof feedAnswer>;
export type FeedConsumer = z.output<typeof feedConsumer>;
export type FeedEntryAnswer = z.output<typeof feedEntryAnswer>;
