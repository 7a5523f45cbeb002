import { adminEndpoints } from "@tributary/admin-api";
import { allFeed, listFeedHeads, readFeedHead } from "@tributary/events";
import { listFeedConsumers, readPublishedPage } from "@tributary/runtime";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, notThere, readQuery, unusable } from "./admin-request.ts";
import { consumerAnswer } from "./feed-consumers.ts";
import { sortedPage } from "./sorted-page.ts";

/** `GET /admin/v1/feeds`: a page of the published categories, and the consumers that keep their markers on this node. */
export const tellFeeds: AdminHandler = (node) => async (request) => {
  const { limit, after, q, sort, order } = readQuery(request, adminEndpoints["GET /feeds"].query);
  const text = q?.toLowerCase();
  const { heads, all } = await node.database.snapshot(async (reader) => ({
    heads: await listFeedHeads(reader, "category"),
    all: await readFeedHead(reader, allFeed),
  }));
  const feeds = [["all", all] as const, ...heads].map(([category, head]) => ({ category, head }));
  const { items: found, ...page } = sortedPage(feeds, {
    nameOf: ({ category }) => category,
    by: ({ category, head }) => (sort === "head" ? head : category === "all" ? "" : category),
    order,
    matches: ({ category }) => text === undefined || category.includes(text),
    after,
    limit,
  });
  const items = [];
  for (const { category, head } of found) {
    items.push({ category, head, lastPage: head === 0 ? 0 : await node.feed.pageOf(head) });
  }
  const consumers = (await listFeedConsumers(node)).map(consumerAnswer);
  return answer({ ...page, items, consumers });
};

/** `GET /admin/v1/feeds/{category}/{page}`: one page as consumers see it, as JSON. */
export const tellFeedPage: AdminHandler = (node) => async (request) => {
  const { category = "", page = "" } = request.parameters;
  if (page !== "recent" && !/^\d{1,12}$/.test(page)) {
    throw refuse(unusable, "feed-page-name-wrong", {});
  }
  const told = await readPublishedPage(node.feed, category, page === "recent" ? page : Number(page));
  if (!told) throw refuse(notThere, "feed-page-unknown", {});
  return answer({ category, ...told });
};
