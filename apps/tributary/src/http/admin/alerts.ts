import { adminEndpoints } from "@tributary/admin-api";
import { listAlerts } from "@tributary/runtime";
import { RequestRefused } from "../request-refused.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, readQuery } from "./admin-request.ts";

/** `GET /admin/v1/alerts`: a page of what is or was wrong. */
export const tellAlerts: AdminHandler = (node) => async (request) => {
  const { limit, after, q, ...asked } = readQuery(request, adminEndpoints["GET /alerts"].query);
  const last = after === undefined ? undefined : Number(after);
  if (last !== undefined && !Number.isSafeInteger(last)) {
    throw new RequestRefused({ status: 400, code: "invalid", sentence: "after is what a page told as next." });
  }
  const items = await listAlerts(node.database, { ...asked, text: q, after: last, limit });
  return answer({ items, next: items.length === limit ? (items.at(-1)?.alertId ?? null) : null });
};
