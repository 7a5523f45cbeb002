import { adminEndpoints } from "@tributary/admin-api";
import { listAlerts } from "@tributary/runtime";
import { RequestRefused } from "../request-refused.ts";
import { answer, readQuery } from "./admin-request.ts";
import type { AdminHandler } from "./admin-routes.ts";

/** `GET /admin/v1/alerts`: a page of what is or was wrong, the latest first. */
export const tellAlerts: AdminHandler = (node) => async (request) => {
  const { limit, after, state } = readQuery(request, adminEndpoints["GET /alerts"].query);
  const before = after === undefined ? undefined : Number(after);
  if (before !== undefined && !Number.isSafeInteger(before)) {
    throw new RequestRefused({ status: 400, code: "invalid", sentence: "after is what a page told as next." });
  }
  const items = await listAlerts(node.database, { state, limit, ...(before === undefined ? {} : { before }) });
  return answer({ items, next: items.length === limit ? (items.at(-1)?.alertId ?? null) : null });
};
