import { discardRequest, listQuery } from "@tributary/admin-api";
import type { HttpRequest } from "@tributary/kernel";
import { discardFailure, listFailures, retryFailure } from "@tributary/sync";
import { actorOf, answer, notThere, readBody, readQuery } from "./admin-request.ts";
import type { AdminHandler } from "./admin-routes.ts";

/** `GET /admin/v1/failures`: a page of what could not be sent or taken in; identifiers and codes only. */
export const listFailed: AdminHandler = (node) => async (request) => {
  const { limit, after } = readQuery(request, listQuery);
  const listed = await listFailures(node.database, { limit, ...(after === undefined ? {} : { after }) });
  const failures = listed.map(({ detail: _, ...codes }) => codes);
  return answer({ failures, next: listed.length === limit ? (listed.at(-1)?.failureId ?? null) : null });
};

/** `POST /admin/v1/failures/{id}/retry`: has one tried again in the next round, which is woken. */
export const retryOne: AdminHandler = (node) => async (request) => {
  const failureId = idOf(request);
  const actor = actorOf(request, node);
  const failure = await node.database.transaction((tx) => retryFailure(tx, failureId, actor));
  if (!failure) throw notThere("There is no such failure on the list.");
  (await node.synchronizer())?.wake();
  return answer({ retried: failureId });
};

/** `POST /admin/v1/failures/{id}/discard`: gives one up, with a reason. */
export const discardOne: AdminHandler = (node) => async (request) => {
  const failureId = idOf(request);
  const actor = { ...actorOf(request, node), ...readBody(request, discardRequest) };
  const failure = await node.database.transaction((tx) => discardFailure(tx, failureId, actor));
  if (!failure) throw notThere("There is no such failure on the list.");
  return answer({ discarded: failureId });
};

/** `pull:Patient/123` stands in the path as `pull:Patient%2F123`. */
function idOf({ parameters }: HttpRequest): string {
  return parameters["id"] ?? "";
}
