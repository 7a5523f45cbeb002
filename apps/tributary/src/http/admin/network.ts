import { adminEndpoints } from "@tributary/admin-api";
import {
  childStates,
  type Node,
  type NodeStatus,
  readNetworkChildren,
  readNodeStatus,
  readTrafficOfNodes,
} from "@tributary/runtime";
import { version } from "../../version.ts";
import { answer, readQuery } from "./admin-request.ts";
import type { AdminHandler } from "./admin-routes.ts";

type ParentStatus = NonNullable<NodeStatus["parent"]>;

const dayMs = 24 * 60 * 60_000;

/** `GET /admin/v1/network`: the parent, and a page of the children with their state. */
export const tellNetwork: AdminHandler = (node) => async (request) => {
  const { limit, after, state, q } = readQuery(request, adminEndpoints["GET /network"].query);
  const { database, config, clock } = node;
  const now = clock.now();
  const silentAfterMs = silentAfterMsOf(node);
  const all = await database.snapshot((reader) => readNetworkChildren(reader, { now, silentAfterMs }));
  const counts = Object.fromEntries(childStates.map((one) => [one, all.filter((child) => child.state === one).length]));
  const text = q?.toLowerCase();
  const found = all.filter(
    (child) =>
      (state === undefined || child.state === state) &&
      (text === undefined || child.node.toLowerCase().includes(text) || child.catchment.toLowerCase().includes(text)),
  );
  const page = found.filter((child) => after === undefined || child.node > after).slice(0, limit);
  const traffic = await readTrafficOfNodes(database, { nodes: page.map((child) => child.node), since: now - dayMs });
  const { parent } = await readNodeStatus(database, config);
  const last = page.at(-1);
  return answer({
    node: node.id,
    role: config.node.role,
    version,
    at: now,
    parent: parent ? parentOf(parent, now, silentAfterMs) : null,
    counts,
    children: page.map((child) => ({
      node: child.node,
      state: child.state,
      lastSeenAt: child.lastSeenAt,
      behind: child.behind,
      behindSince: null,
      catchment: child.catchment,
      bytesToday: traffic.get(child.node) ?? 0,
      toldAt: null,
      version: null,
      clockOffsetMs: null,
      unsent: null,
      unsentSince: null,
      parked: null,
      failed: null,
      openConflicts: null,
    })),
    total: found.length,
    next: last && last !== found.at(-1) ? last.node : null,
  });
};

/** How long a node may say nothing before it counts as silent. */
export function silentAfterMsOf({ config }: Pick<Node, "config">): number {
  return config.alerts.silentMinutes * 60_000;
}

function parentOf(status: ParentStatus, now: number, silentAfterMs: number) {
  const { parent, url, lastPullAt, lastOutcome, lastError, position, head, waiting, unsent } = status;
  const { refused, parked, delayed, clockOffsetMs, pauses, beginning } = status;
  const sums = { waiting, unsent, refused, parked, delayed, clockOffsetMs, pauses, beginning };
  const state = stateOf(status, now, silentAfterMs);
  return { node: parent, url, state, lastPullAt, lastOutcome, lastError, position, head, ...sums };
}

function stateOf(status: ParentStatus, now: number, silentAfterMs: number) {
  if (status.pauses.length > 0) return "paused";
  if (status.lastOutcome === "refused") return "refused";
  if (status.lastPullAt === null) return "never-seen";
  if (now - status.lastPullAt > silentAfterMs) return "silent";
  const isInStep = status.position >= status.head && status.unsent === 0 && status.waiting === 0;
  return isInStep && status.lastOutcome !== "interrupted" ? "in-step" : "behind";
}
