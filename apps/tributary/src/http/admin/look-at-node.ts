import { createHash } from "node:crypto";
import { listAlerts, type Node, readNetworkChildren, readNodeStatus } from "@tributary/runtime";
import { silentAfterMsOf } from "./network.ts";
import type { Look } from "./watchers.ts";

/** What of a node the screens follow: a digest of each part, which changes when the part does. */
export function lookAt(node: Node): Look {
  return async () => {
    const { database, config, clock } = node;
    const place = { now: clock.now(), silentAfterMs: silentAfterMsOf(node) };
    const children = await database.snapshot((reader) => readNetworkChildren(reader, place));
    const status = await readNodeStatus(database, config);
    const open = await listAlerts(database, { state: "open", limit: 500 });
    return { network: digestOf([children, status.parent]), status: digestOf(status), alerts: digestOf(open) };
  };
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
}
