import { adminEndpoints } from "@tributary/admin-api";
import { type FeedConsumer, listFeedConsumers, moveConsumerMarker } from "@tributary/runtime";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readBody, readQuery } from "./admin-request.ts";
import { sortedPage } from "./sorted-page.ts";

/** `GET /admin/v1/feeds/consumers`: a page of the consumers that keep their markers on this node. */
export const tellConsumers: AdminHandler = (node) => async (request) => {
  const asked = readQuery(request, adminEndpoints["GET /feeds/consumers"].query);
  const { limit, after, q, sort, order, category } = asked;
  const text = q?.toLowerCase();
  const page = sortedPage((await listFeedConsumers(node)).map(consumerAnswer), {
    nameOf: ({ consumer, feed }) => `${consumer} ${feed}`,
    by: (one) => one[sort],
    order,
    matches: (one) =>
      (category === undefined || one.category === category) &&
      (text === undefined || `${one.consumer} ${one.feed}`.toLowerCase().includes(text)),
    after,
    limit,
  });
  return answer(page);
};

/** `POST /admin/v1/feeds/consumers/marker`: moves a consumer's marker, or resets it, with a reason. */
export const moveMarker: AdminHandler = (node) => async (request) => {
  const { consumer, feed, to, reason } = readBody(request, adminEndpoints["POST /feeds/consumers/marker"].body);
  const { author } = actorOf(request, node);
  const move = { consumer, feedUri: feed, to, reason };
  const moved = await moveConsumerMarker(node, move, author, { fetch, signal: request.signal });
  return answer({ consumer, feed, ...moved });
};

/** A consumer as the API tells it. */
export function consumerAnswer(one: FeedConsumer) {
  const { consumer, feedUri, category, lastEntryId, behind, lastPublishedAt, failed, retrying, waiting, dead } = one;
  const failedByState = { retrying, waiting, dead };
  return { consumer, feed: feedUri, category, lastEntryId, behind, movedAt: lastPublishedAt, failed, failedByState };
}
