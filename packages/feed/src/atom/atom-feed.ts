import type { EventExtension, LogExtension } from "./tributary-extension.ts";

/** One page of an Atom feed, as it is written and as it is read; `undefined` stands for an element that is not there. */
export interface AtomFeed {
  readonly title: string | undefined;
  /** In the order of the document; consumers take the first of a relation. */
  readonly links: readonly AtomLink[];
  readonly author: string | undefined;
  readonly id: string | undefined;
  readonly generator: AtomGenerator | undefined;
  /** Milliseconds since 1970; written with seconds. */
  readonly updated: number | undefined;
  /** Whether the page declares that it will never change (RFC 5005 §4, `fh:archive`). */
  readonly isArchive: boolean;
  /** Our own: which log the page was made from. */
  readonly log: LogExtension | undefined;
  /** Oldest first. */
  readonly entries: readonly AtomEntry[];
}

/** A link of a feed or an entry. */
export interface AtomLink {
  readonly rel: string;
  readonly type: string | undefined;
  /** Absolute; an absolute address stands exactly as the document spells it. */
  readonly href: string;
}

/** The program that wrote a feed. */
export interface AtomGenerator {
  readonly uri: string | undefined;
  readonly name: string;
}

/** One announcement. Of its members only `content` decides what a worker does; the rest tells it from others. */
export interface AtomEntry {
  readonly title: string | undefined;
  /** The terms, in the order of the document; the writer puts the category first. */
  readonly categories: readonly string[];
  readonly id: string | undefined;
  readonly updated: number | undefined;
  readonly published: number | undefined;
  readonly content: AtomContent | undefined;
  /** Our own: what the log knows of the event beyond what Atom can say. */
  readonly event: EventExtension | undefined;
}

/** The content of an entry, with its type. */
export interface AtomContent {
  readonly type: string | undefined;
  /** What the publisher put in, however the document wrapped it; elements stand as their XML. */
  readonly text: string;
}

/** The first address with this link relation. */
export function linkOf(feed: AtomFeed, rel: string): string | undefined {
  return feed.links.find((link) => link.rel === rel)?.href;
}

/** The content type that marks an entry's text as a word for workers rather than for people. */
export const eventContentType = "application/vnd.atomfeed+xml";
/** The media type of feed documents and of the links between them. */
export const feedMediaType = "application/atom+xml";
/** Goes before an event's UUID in an entry's id; consumers keep the whole. */
export const entryIdPrefix = "tag:atomfeed.ict4h.org:";
