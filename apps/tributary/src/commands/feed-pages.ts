import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";
import { textTable } from "./text-table.ts";

export interface FeedPageOptions extends AdminOptions {
  readonly json?: boolean;
}

export interface ListFeedsOptions extends FeedPageOptions, ListOptions<"category" | "head"> {}

/** `tributary feed list`: the published categories, how many entries each has, and its newest page. */
export async function listFeeds(options: ListFeedsOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const feeds = await admin.ask("GET /feeds", { query: listQueryOf(options) });
  if (options.json) return terminal.print(losslessJson(feeds));
  const rows = feeds.items.map(({ category, head, lastPage }) => [category, String(head), String(lastPage)]);
  terminal.print(textTable(["CATEGORY", "ENTRIES", "LAST PAGE"], rows));
  tellMore(feeds, terminal);
}

/** `tributary feed page`: one page of a feed as its consumers see it. */
export async function showFeedPage(
  category: string,
  page: string,
  options: FeedPageOptions,
  terminal: Terminal,
): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const told = await admin.ask("GET /feeds/:category/:page", { path: { category, page } });
  if (options.json) return terminal.print(losslessJson(told));
  const rows = told.entries.map(({ position, publishedAt, id, title, reference, version }) => [
    String(position),
    new Date(publishedAt).toISOString(),
    id,
    title,
    reference === null ? "" : `${reference}${version === null ? "" : ` version ${version}`}`,
  ]);
  terminal.print(textTable(["POSITION", "PUBLISHED", "EVENT", "TITLE", "RECORD"], rows));
  terminal.note(`Page ${told.page} of ${told.lastPage}.`);
}
