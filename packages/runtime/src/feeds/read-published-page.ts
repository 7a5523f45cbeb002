import { entryIdPrefix, type FeedServer, linkOf, parseAtomFeed } from "@tributary/feed";

/** One page of a published feed, as a screen shows it. */
export interface PublishedPage {
  /** 0 when the feed has no entries. */
  readonly page: number;
  readonly lastPage: number;
  readonly entries: readonly PublishedEntry[];
}

/** One announcement: a link and codes, and nothing of what it is about. */
export interface PublishedEntry {
  readonly position: number;
  readonly id: string;
  readonly title: string;
  readonly category: string | null;
  readonly content: string | null;
  readonly publishedAt: number;
  readonly eventType: string | null;
  readonly reference: string | null;
  readonly version: number | null;
  readonly originNode: string | null;
}

/** The address under which the page is asked for; its host stands in links only. */
const place = "http://feed.internal/feed/";

/**
 * Reads one page of a category, or of everything (`all`), through the very server that consumers ask, so that both see the
 * same. `undefined` when there is no such page.
 */
export async function readPublishedPage(
  feed: FeedServer,
  category: string,
  page: number | "recent",
): Promise<PublishedPage | undefined> {
  const recent = await ask(feed, category, "recent");
  if (!recent) return undefined;
  const lastPage = numberOf(linkOf(recent, "via"));
  const asked = page === "recent" || page === lastPage ? recent : await ask(feed, category, String(page));
  if (!asked) return undefined;
  return { page: page === "recent" ? lastPage : page, lastPage, entries: asked.entries.map(entryOf) };
}

async function ask(feed: FeedServer, category: string, page: string) {
  const parameters = category === "all" ? { page } : { category, page };
  const url = new URL(`${category === "all" ? "" : `${encodeURIComponent(category)}/`}${page}`, place);
  const answer = await feed.handle({
    method: "GET",
    url,
    headers: {},
    parameters,
    body: "",
    signal: new AbortController().signal,
  });
  if (answer.status !== 200 || answer.body === undefined) return undefined;
  return parseAtomFeed(answer.body, { url: url.href });
}

function entryOf(entry: ReturnType<typeof parseAtomFeed>["entries"][number]): PublishedEntry {
  const { event } = entry;
  const isOfRecord = event?.entityType !== undefined && event.entityId !== undefined;
  return {
    position: event?.position ?? 0,
    id: (entry.id ?? "").replace(entryIdPrefix, ""),
    title: entry.title ?? "",
    category: entry.categories[0] ?? null,
    content: entry.content?.text ?? null,
    publishedAt: entry.published ?? entry.updated ?? 0,
    eventType: event?.eventType ?? null,
    reference: isOfRecord ? `${event.entityType}/${event.entityId}` : null,
    version: event?.version ?? null,
    originNode: event?.originNode ?? null,
  };
}

function numberOf(address: string | undefined): number {
  return Number(/\/(\d+)$/.exec(address ?? "")?.[1] ?? 0);
}
