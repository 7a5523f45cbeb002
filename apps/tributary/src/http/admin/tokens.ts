import { adminEndpoints } from "@tributary/admin-api";
import { createApiToken, listApiTokens, revokeApiToken, stateOfToken } from "@tributary/runtime";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, notThere, readBody, readQuery } from "./admin-request.ts";
import { sortedPage } from "./sorted-page.ts";

const dayMs = 24 * 60 * 60_000;

/** `GET /admin/v1/tokens`: a page of the tokens that were ever made. */
export const tellTokens: AdminHandler = (node) => async (request) => {
  const { limit, after, q, sort, order, state } = readQuery(request, adminEndpoints["GET /tokens"].query);
  const now = node.clock.now();
  const tokens = (await listApiTokens(node.database)).map((token) => ({ ...token, state: stateOfToken(token, now) }));
  const text = q?.toLowerCase();
  const page = sortedPage(tokens, {
    nameOf: ({ name }) => name,
    by: (token) => token[sort],
    order,
    matches: (token) =>
      (state === undefined || token.state === state) && (text === undefined || token.name.toLowerCase().includes(text)),
    after,
    limit,
  });
  return answer(page);
};

/** `POST /admin/v1/tokens`: makes a token, whose text is told this once. */
export const makeToken: AdminHandler = (node) => async (request) => {
  const { name, role, days } = readBody(request, adminEndpoints["POST /tokens"].body);
  const { database, clock, random, id: nodeId } = node;
  const { author, now } = actorOf(request, node);
  const expiresAt = days === undefined ? null : Math.round(now + days * dayMs);
  const by = { nodeId, author };
  const token = await createApiToken(database, { name, role, expiresAt, clock, random, by });
  return answer({ token, name, role, expiresAt });
};

/** `DELETE /admin/v1/tokens/{name}`: ends a token's life at once. */
export const endToken: AdminHandler = (node) => async (request) => {
  const name = request.parameters["name"] ?? "";
  const { database, clock, id: nodeId } = node;
  const { author } = actorOf(request, node);
  const outcome = await revokeApiToken(database, { name, clock, by: { nodeId, author } });
  if (outcome === "unknown") throw refuse(notThere, "token-unknown", { token: name });
  return answer({ revoked: name, before: outcome === "already-revoked" });
};
