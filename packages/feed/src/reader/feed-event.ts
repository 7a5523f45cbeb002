import { createHash } from "node:crypto";
import { type AtomEntry, linkOf } from "../atom/atom-feed.ts";
import type { EventExtension } from "../atom/tributary-extension.ts";
import type { FetchedPage } from "./page-source.ts";

/** One event as a worker gets it. */
export interface FeedEvent {
  /** The entry's id; one made of its place and content when the entry has none. */
  readonly id: string;
  readonly title: string | undefined;
  /** By custom a link to the thing that changed, or JSON. */
  readonly content: string | undefined;
  readonly contentType: string | undefined;
  readonly categories: readonly string[];
  /** Milliseconds since 1970. */
  readonly publishedAt: number | undefined;
  readonly updatedAt: number | undefined;
  /** What our own feeds tell beyond Atom. */
  readonly extension: EventExtension | undefined;
  /** The page's own address; `null` for a retry, by which old workers recognise one. */
  readonly feedUri: string | null;
  /** The page that the entry stood on, for a retry too. */
  readonly pageUri: string | undefined;
  /** Whether the event comes from `failed_events`: it failed before, or waited behind one that did. */
  readonly isRetry: boolean;
  /** Events of one key are processed in order; `null` for an event that has no order. */
  readonly orderKey: string | null;
}

/** Tells which events must keep their order: those with an equal key. */
export type OrderKeyOf = (event: Omit<FeedEvent, "orderKey">) => string | null;

/** The order key that the feed declares; where it declares none, events with equal content concern the same record. */
export const declaredOrderKey: OrderKeyOf = ({ extension, content }) => {
  if (extension) return extension.orderKey === undefined ? null : `key:${extension.orderKey}`;
  return content === undefined || content === "" ? null : `content:${hashOf(content)}`;
};

/** The events of a page, in its order. */
export function eventsOf(page: FetchedPage, orderKeyOf: OrderKeyOf): FeedEvent[] {
  const unnamed = new Map<string, number>();
  const feedUri = linkOf(page.feed, "self") ?? page.uri;
  return page.feed.entries.map((entry) => {
    const event = {
      id: entry.id || nameOf(entry, page.uri, unnamed),
      title: entry.title,
      content: entry.content?.text,
      contentType: entry.content?.type,
      categories: entry.categories,
      publishedAt: entry.published ?? entry.updated,
      updatedAt: entry.updated,
      extension: entry.event,
      feedUri,
      pageUri: page.uri,
      isRetry: false,
    };
    return { ...event, orderKey: orderKeyOf(event) };
  });
}

/** Entries without an id are told apart by page, content, and count among their likes. */
function nameOf(entry: AtomEntry, pageUri: string, seen: Map<string, number>): string {
  const likeness = JSON.stringify([
    pageUri,
    entry.title,
    entry.content,
    entry.categories,
    entry.published,
    entry.updated,
  ]);
  const count = (seen.get(likeness) ?? 0) + 1;
  seen.set(likeness, count);
  return `urn:tributary:unnamed:${hashOf(`${count} ${likeness}`)}`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 40);
}
