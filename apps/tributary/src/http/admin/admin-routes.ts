import type { HttpHandler } from "@tributary/kernel";
import type { Node } from "@tributary/runtime";
import type { Route } from "../route.ts";
import { listAuditEntries } from "./audit.ts";
import { listConflicts, resolveOne } from "./conflicts.ts";
import { discardOne, listFailed, retryOne } from "./failures.ts";
import { pause, resume } from "./pauses.ts";
import { pullNow, pushNow } from "./rounds.ts";
import { tellStatus } from "./status.ts";
import { syncRecords } from "./sync-records.ts";
import { tellTimeline } from "./timeline.ts";

/** A handler that knows the node. */
export type AdminHandler = (node: Node) => HttpHandler;

const get: readonly string[] = ["GET"];
const post: readonly string[] = ["POST"];

const routes: readonly (readonly [methods: readonly string[], path: string, handler: AdminHandler])[] = [
  [get, "/status", tellStatus],
  [post, "/push", pushNow],
  [post, "/pull", pullNow],
  [post, "/pause", pause],
  [post, "/resume", resume],
  [post, "/sync-records", syncRecords],
  [get, "/conflicts", listConflicts],
  [post, "/conflicts/:id/resolve", resolveOne],
  [get, "/failures", listFailed],
  [post, "/failures/:id/retry", retryOne],
  [post, "/failures/:id/discard", discardOne],
  [get, "/audit", listAuditEntries],
  [get, "/timeline/:type/:id", tellTimeline],
];

/** What an operator's programs may ask and do, each with an API token, whose name stands in the audit trail. */
export function adminRoutesOf(node: Node): Route[] {
  return routes.map(([methods, path, handler]) => ({
    methods,
    path: `/admin/v1${path}`,
    caller: "token",
    errors: "json",
    handler: handler(node),
  }));
}
