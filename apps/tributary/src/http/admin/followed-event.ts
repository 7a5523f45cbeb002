import { adminEndpoints } from "@tributary/admin-api";
import { type EventAtConsumer, followEvent } from "@tributary/runtime";
import { refuse } from "../refuse.ts";
import { maySeePeople } from "./admin-caller.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, notThere, readQuery } from "./admin-request.ts";
import { codeOnly } from "./failures.ts";
import { sortedPage } from "./sorted-page.ts";

/** `GET /admin/v1/events/{id}/consumers`: one event followed through everybody who reads it. */
export const tellFollowed: AdminHandler = (node) => async (request) => {
  const { limit, after, state, q, sort, order } = readQuery(request, adminEndpoints["GET /events/:id/consumers"].query);
  const followed = await followEvent(node, request.parameters["id"] ?? "");
  if (!followed) throw refuse(notThere, "event-unknown", {});
  const { event, places, consumers } = followed;
  const text = q?.toLowerCase();
  const { items, next } = sortedPage(consumers, {
    nameOf: ({ kind, consumer, feed }) => `${kind} ${consumer} ${feed}`,
    by: (one) => (sort === "kind" ? (one.kind === "subscription" ? 0 : 1) : one[sort]),
    order,
    matches: (one) =>
      (state === undefined || one.state === state) && (text === undefined || one.consumer.toLowerCase().includes(text)),
    after,
    limit,
  });
  const isOpen = maySeePeople(request);
  return answer({
    event: {
      id: event.uuid,
      position: event.position,
      publishedAt: event.publishedAt,
      title: event.title,
      category: event.category,
      eventType: event.eventType,
      reference: event.entityType !== null && event.entityId !== null ? `${event.entityType}/${event.entityId}` : null,
      version: event.version,
      originNode: event.originNode,
      places,
    },
    counts: countsOf(consumers),
    items: items.map((one) => ({ ...one, error: isOpen ? one.error : codeOnly(one.error) })),
    next,
  });
};

function countsOf(consumers: readonly EventAtConsumer[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...Map.groupBy(consumers, ({ state }) => state)].map(([state, some]) => [state, some.length]),
  );
}
