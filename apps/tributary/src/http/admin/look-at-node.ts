import { createHash } from "node:crypto";
import { allFeed, readFeedHead } from "@tributary/events";
import { listAlerts, type Node, readNetworkChildren } from "@tributary/runtime";
import { readSyncStatus } from "@tributary/sync";
import { silentAfterMsOf } from "./silent-after.ts";
import type { Look } from "./watchers.ts";

/** What of a node the screens follow: a digest of each part, which changes when the part does. */
export function lookAt(node: Node): Look {
  return async () => {
    const { database, clock } = node;
    const place = { now: clock.now(), silentAfterMs: silentAfterMsOf(node) };
    // Records are not counted: whoever writes one announces it, and that is seen.
    const { children, status } = await database.snapshot(async (reader) => ({
      children: await readNetworkChildren(reader, place),
      status: { ...(await readSyncStatus(reader, node.id)), announced: await readFeedHead(reader, allFeed) },
    }));
    const open = await listAlerts(database, { state: "open", limit: 500 });
    return { network: digestOf([children, status.parent]), status: digestOf(status), alerts: digestOf(open) };
  };
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
}
