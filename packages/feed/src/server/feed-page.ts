import type { EventRecord, FeedEntry } from "@tributary/events";
import {
  type AtomEntry,
  type AtomFeed,
  type AtomLink,
  entryIdPrefix,
  eventContentType,
  feedMediaType,
} from "../atom/atom-feed.ts";
import type { EventExtension, LogExtension } from "../atom/tributary-extension.ts";
import type { FeedIdentity } from "./feed-identity.ts";
import { pageAddress } from "./page-address.ts";
import type { PageRange } from "./page-arithmetic.ts";

/** One page as it stands at one moment: everything that decides its bytes but the entries themselves. */
export interface FeedPage {
  readonly url: URL;
  readonly isRecent: boolean;
  /** 0 when the feed has no events. */
  readonly number: number;
  /** The places of its entries; `to` is before `from` when there are none. */
  readonly range: PageRange;
  /** Whether later pages exist, and so nothing of this one can change any more. */
  readonly isSealed: boolean;
  readonly log: LogExtension;
}

/** The document of a page, in the element order and with the links that the deployed clients rely on. */
export function feedDocument(
  page: FeedPage,
  entries: readonly FeedEntry[],
  identity: FeedIdentity,
  options: { readonly now: number; readonly withExtensions: boolean },
): AtomFeed {
  return {
    title: identity.title,
    links: linksOf(page),
    author: identity.author,
    id: `${identity.idPrefix}+${page.number}`,
    generator: { uri: identity.generatorUri, name: identity.generatorTitle },
    updated: entries.reduce((latest, { record }) => Math.max(latest, record.publishedAt), 0) || midnight(options.now),
    isArchive: options.withExtensions && page.isSealed,
    log: options.withExtensions ? page.log : undefined,
    entries: entries.map((entry) => atomEntry(entry, options.withExtensions)),
  };
}

/** The start of the day in UTC: the date of a feed in which nothing has happened. */
export function midnight(now: number): number {
  return now - (now % 86_400_000);
}

function linksOf({ url, isRecent, number, isSealed }: FeedPage): AtomLink[] {
  const link = (rel: string, href: string): AtomLink => ({ rel, type: feedMediaType, href });
  const links = [link("self", url.href), link("via", isRecent ? pageAddress(url, number) : url.href)];
  if (isSealed) links.push(link("next-archive", pageAddress(url, number + 1)));
  if (number > 1) links.push(link("prev-archive", pageAddress(url, number - 1)));
  return links;
}

function atomEntry({ feedPosition, record }: FeedEntry, withExtensions: boolean): AtomEntry {
  return {
    title: record.title ?? undefined,
    categories: categoriesOf(record),
    id: `${entryIdPrefix}${record.uuid}`,
    updated: record.publishedAt,
    published: record.publishedAt,
    content: { type: eventContentType, text: record.content ?? "" },
    event: withExtensions ? extensionOf(feedPosition, record) : undefined,
  };
}

/** The category first: some readers take the first term for it. */
function categoriesOf({ category, tags }: EventRecord): string[] {
  const terms = [category ?? "", ...(tags ?? "").split(",")];
  return [...new Set(terms.filter((term) => term.trim() !== ""))];
}

function extensionOf(position: number, record: EventRecord): EventExtension {
  return {
    position,
    logPosition: record.position,
    ...(record.eventType !== null && { eventType: record.eventType }),
    ...(record.entityType !== null && { entityType: record.entityType }),
    ...(record.entityId !== null && { entityId: record.entityId }),
    ...(record.version !== null && { version: record.version }),
    ...(record.operation !== null && { operation: record.operation }),
    ...(record.bodyHash !== null && { bodyHash: record.bodyHash }),
    ...(record.originNode !== null && { originNode: record.originNode }),
    ...(record.originOperation !== null && { originOperation: record.originOperation }),
    ...(record.orderKey !== null && { orderKey: record.orderKey }),
    ...(record.orderSequence !== null && { orderSequence: record.orderSequence }),
    ...(record.raisedAt !== null && { raisedAt: record.raisedAt }),
    ...(record.transactionId !== null && { transactionId: record.transactionId }),
    ...(record.transactionIndex !== null && { transactionIndex: record.transactionIndex }),
    ...(record.transactionSize !== null && { transactionSize: record.transactionSize }),
  };
}
