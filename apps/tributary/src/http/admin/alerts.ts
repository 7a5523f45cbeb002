import { adminEndpoints } from "@tributary/admin-api";
import { type AlertSort, listAlerts } from "@tributary/runtime";
import { refuse } from "../refuse.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, readQuery, unusable } from "./admin-request.ts";
import { readPlace, writePlace } from "./sorted-page.ts";

/** `GET /admin/v1/alerts`: a page of what is or was wrong. */
export const tellAlerts: AdminHandler = (node) => async (request) => {
  const { limit, after, q, ...asked } = readQuery(request, adminEndpoints["GET /alerts"].query);
  const place = after === undefined ? undefined : placeOf(after, asked.sort);
  const items = await listAlerts(node.database, { ...asked, text: q, after: place, limit });
  const last = items.length === limit ? items.at(-1) : undefined;
  if (!last) return answer({ items, next: null });
  const { sort } = asked;
  return answer({
    items,
    next: sort === "openedAt" ? last.alertId : writePlace({ value: last[sort], name: last.alertId }),
  });
};

/** Where a page of alerts ended: at an alert, or, where they are sorted by a word, at a word and an alert. */
function placeOf(after: string, sort: AlertSort) {
  const place = sort === "openedAt" ? { value: "", name: after } : readPlace(after);
  const alertId = Number(place?.name);
  if (typeof place?.value === "string" && Number.isSafeInteger(alertId)) return { alertId, value: place.value };
  throw refuse(unusable, "place-unusable", {});
}
