import { listQuery, resolveRequest } from "@tributary/admin-api";
import { type JsonObject, type JsonValue, parseLossless, stringifyLossless } from "@tributary/fhir";
import type { HttpRequest } from "@tributary/kernel";
import {
  type Conflict,
  type ConflictChoice,
  type ConflictKey,
  findConflict,
  listOpenConflicts,
  type ResolveOutcome,
  resolveConflict,
} from "@tributary/sync";
import { RequestRefused } from "../request-refused.ts";
import { actorOf, answer, notThere, readBody, readQuery } from "./admin-request.ts";
import type { AdminHandler } from "./admin-routes.ts";

/** `GET /admin/v1/conflicts`: a page of what waits for a decision, with its values, the oldest first. */
export const listConflicts: AdminHandler = (node) => async (request) => {
  const { limit, after } = readQuery(request, listQuery);
  const conflicts = await listOpenConflicts(node.database, limit, after === undefined ? undefined : keyOf(after));
  const last = conflicts.length === limit ? conflicts.at(-1) : undefined;
  const next = last ? `${last.openedAt}.${last.conflictId}` : null;
  return answer({ conflicts, next }, lossless);
};

/** `POST /admin/v1/conflicts/{id}/resolve`: decides one conflict in the token's name. */
export const resolveOne: AdminHandler = (node) => async (request) => {
  const { database, store, id: nodeId, clock, random } = node;
  const { reason } = readBody(request, resolveRequest);
  const choice = choiceOf(request);
  const lookup = await findConflict(database, request.parameters["id"] ?? "");
  if (lookup.kind !== "found") throw notThere("This node has no such conflict, or more than one that begins so.");
  const { author } = actorOf(request, node);
  const asked = { conflictId: lookup.conflict.conflictId, choice, reason, author };
  const outcome = await database.transaction((tx) => resolveConflict(tx, { store, nodeId, clock, random }, asked));
  refuseFailed(outcome, lookup.conflict);
  return answer(outcome, lossless);
};

function choiceOf(request: HttpRequest): ConflictChoice {
  const asked = readBody(request, resolveRequest);
  if ("take" in asked) return { take: asked.take };
  // Read once more, so that decimals keep the digits with which they were typed.
  return { value: (parseLossless(request.body) as { readonly value: JsonObject }).value };
}

function refuseFailed(outcome: ResolveOutcome, { type, id }: Conflict): void {
  if (outcome.kind === "resolved" || outcome.kind === "already-resolved") return;
  const code = "RESOLUTION_REFUSED";
  const sentence = `The conflict of ${type}/${id} cannot be decided in this way (${outcome.kind}).`;
  throw new RequestRefused({ status: 422, code, sentence });
}

function keyOf(after: string): ConflictKey {
  const [, openedAt, conflictId] = /^(\d{1,15})\.([0-9a-f-]{1,36})$/.exec(after) ?? [];
  if (openedAt !== undefined && conflictId !== undefined) return { openedAt: Number(openedAt), conflictId };
  throw new RequestRefused({ status: 400, code: "invalid", sentence: "Hand in as after what a page told as next." });
}

function lossless(value: unknown): string {
  return stringifyLossless(value as JsonValue);
}
