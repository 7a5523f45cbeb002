import { allFeed, listFeedHeads, readFeedHead } from "@tributary/events";
import { listSubscriptions, readPublishedPage } from "@tributary/runtime";
import { RequestRefused } from "../request-refused.ts";
import { answer, notThere } from "./admin-request.ts";
import type { AdminHandler } from "./admin-routes.ts";

/** `GET /admin/v1/feeds`: the published categories, and the consumers that keep their markers on this node. */
export const tellFeeds: AdminHandler = (node) => async () => {
  const { heads, all, subscriptions } = await node.database.snapshot(async (reader) => ({
    heads: await listFeedHeads(reader, "category"),
    all: await readFeedHead(reader, allFeed),
    subscriptions: await listSubscriptions(reader),
  }));
  const categories: readonly (readonly [string, number])[] = [["all", all], ...heads];
  const items = [];
  for (const [category, head] of categories) {
    const recent = await readPublishedPage(node.feed, category, "recent");
    items.push({ category, head, lastPage: recent?.lastPage ?? 0 });
  }
  const consumers = subscriptions.map(({ consumer, feedUri, lastEntryId, lastPublishedAt, failed }) => ({
    consumer,
    feed: feedUri,
    category: null,
    lastEntryId,
    behind: null,
    movedAt: lastPublishedAt,
    failed,
    failedByState: { retrying: 0, waiting: 0, dead: 0 },
  }));
  return answer({ items, consumers });
};

/** `GET /admin/v1/feeds/{category}/{page}`: one page as consumers see it, as JSON. */
export const tellFeedPage: AdminHandler = (node) => async (request) => {
  const { category = "", page = "" } = request.parameters;
  if (page !== "recent" && !/^\d{1,12}$/.test(page)) {
    throw new RequestRefused({ status: 400, code: "invalid", sentence: '"recent" or a number names a feed page.' });
  }
  const told = await readPublishedPage(node.feed, category, page === "recent" ? page : Number(page));
  if (!told) throw notThere("The feed has no such page.");
  return answer({ category, ...told });
};
