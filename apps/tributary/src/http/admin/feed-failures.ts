import { adminEndpoints } from "@tributary/admin-api";
import type { HttpRequest } from "@tributary/kernel";
import {
  appendNodeAudit,
  discardFailedEvent,
  type FailedEvent,
  type FailedEventDecision,
  type FailedEventSort,
  listFailedEvents,
  readFailedEvent,
  readRetryLog,
  retryFailedEvent,
  sortValueOfFailedEvent,
} from "@tributary/runtime";
import { refuse } from "../refuse.ts";
import type { RequestRefused } from "../request-refused.ts";
import { maySeePeople } from "./admin-caller.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, notThere, readBody, readQuery, unusable } from "./admin-request.ts";
import { readPlace, writePlace } from "./sorted-page.ts";

/** Later failures of one event that are told. */
const logMax = 50;

/** `GET /admin/v1/feeds/failures`: a page of the events that consumers could not process. */
export const listFeedFailures: AdminHandler = (node) => async (request) => {
  const { limit, after, consumer, feed, state, q, sort, order } = readQuery(
    request,
    adminEndpoints["GET /feeds/failures"].query,
  );
  const found = await listFailedEvents(node.database, {
    limit,
    sort,
    order,
    ...(after === undefined ? {} : placeOf(after, sort)),
    ...(consumer === undefined ? {} : { consumer }),
    ...(feed === undefined ? {} : { feedUri: feed }),
    ...(state === undefined ? {} : { state }),
    ...(q === undefined ? {} : { text: q }),
  });
  const last = found.length === limit ? found.at(-1) : undefined;
  const items = found.map((one) => failureAnswer(one, maySeePeople(request)));
  if (!last) return answer({ items, next: null });
  const name = String(last.row);
  return answer({
    items,
    next: sort === "failedAt" ? name : writePlace({ value: sortValueOfFailedEvent(last, sort), name }),
  });
};

/** Where a page ended: at a row, or, where it is sorted by something else, at that and a row. */
function placeOf(after: string, sort: FailedEventSort) {
  if (sort === "failedAt") return { afterRow: rowOf(after) };
  const place = readPlace(after);
  const isPlace = place && typeof place.value === (sort === "retries" ? "number" : "string");
  if (isPlace && place.value !== null) return { afterRow: rowOf(place.name), afterValue: place.value };
  throw refuse(unusable, "place-unusable", {});
}

/** `GET /admin/v1/feeds/failures/{id}`: one of them, with its log. */
export const tellFeedFailure: AdminHandler = (node) => async (request) => {
  const failed = await readFailedEvent(node.database, rowAt(request));
  if (!failed) throw gone();
  const isOpen = maySeePeople(request);
  const log = await readRetryLog(node.database, failed, logMax);
  return answer({
    ...failureAnswer(failed, isOpen),
    log: log.map(({ failedAt, message }) => ({ at: momentOf(failedAt), message: isOpen ? message : null })),
  });
};

/** `POST /admin/v1/feeds/failures/{id}/retry`: has the event tried again in the consumer's next run. */
export const retryFeedFailure: AdminHandler = (node) => async (request) => {
  const actor = actorOf(request, node);
  const row = rowAt(request);
  await node.database.transaction(async (tx) => {
    const failed = await readFailedEvent(tx, row);
    refuseUndone(await retryFailedEvent(tx, row, actor.now));
    await appendNodeAudit(tx, actor, { operation: "manual", ...aboutOf(failed), outcome: "feed-event-retry" });
  });
  return answer({ retried: String(row) });
};

/** `POST /admin/v1/feeds/failures/{id}/discard`: gives the event up for this consumer, with a reason. */
export const discardFeedFailure: AdminHandler = (node) => async (request) => {
  const { reason } = readBody(request, adminEndpoints["POST /feeds/failures/:id/discard"].body);
  const actor = actorOf(request, node);
  const row = rowAt(request);
  await node.database.transaction(async (tx) => {
    const failed = await readFailedEvent(tx, row);
    refuseUndone(await discardFailedEvent(tx, row, reason, actor.now));
    const act = { operation: "manual", ...aboutOf(failed), outcome: "feed-event-discarded", reason } as const;
    await appendNodeAudit(tx, actor, act);
  });
  return answer({ discarded: String(row) });
};

function failureAnswer(failed: FailedEvent, isOpen: boolean) {
  const { row, consumer, feedUri, state, event, retries, failedAt, nextRetryAt, message } = failed;
  return {
    failureId: String(row),
    consumer,
    feed: feedUri,
    state,
    eventId: event.id,
    title: event.title ?? null,
    content: event.content ?? null,
    retries,
    failedAt: momentOf(failedAt),
    nextRetryAt,
    message: isOpen ? message : null,
  };
}

/** The consumer, and the event that it is about. */
function aboutOf(failed: FailedEvent | undefined): { readonly link?: string; readonly operationId?: string } {
  return failed ? { link: failed.consumer, operationId: failed.event.id } : {};
}

function refuseUndone(decision: FailedEventDecision): void {
  if (decision === "gone") throw gone();
  if (decision === "done") return;
  throw refuse({ status: 409, code: "waits" }, "failed-event-waits", {});
}

function gone(): RequestRefused {
  return refuse(notThere, "failed-event-gone", {});
}

function rowAt({ parameters }: HttpRequest): number {
  return rowOf(parameters["id"] ?? "");
}

function rowOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw refuse(notThere, "failed-event-name-wrong", {});
}

/** A moment that stands in the database as text, in UTC; rows that other programs wrote may have none. */
function momentOf(text: string | null): number | null {
  if (text === null) return null;
  const at = Date.parse(`${text.replace(" ", "T")}Z`);
  return Number.isNaN(at) ? null : at;
}
