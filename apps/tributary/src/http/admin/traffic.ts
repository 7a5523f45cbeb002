import { adminEndpoints } from "@tributary/admin-api";
import { readTraffic } from "@tributary/runtime";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, readQuery } from "./admin-request.ts";

const hourMs = 3_600_000;

/** `GET /admin/v1/traffic`: what went over the lines by the quarter of an hour, the earliest first. */
export const tellTraffic: AdminHandler = (node) => async (request) => {
  const { hours, node: child } = readQuery(request, adminEndpoints["GET /traffic"].query);
  const until = node.clock.now();
  // What has been counted since the last minute is seen too.
  await node.traffic.flush(node.database);
  const place = { since: until - hours * hourMs, until, ...(child === undefined ? {} : { node: child }) };
  return answer({ points: await readTraffic(node.database, place) });
};
