import { adminEndpoints } from "@tributary/admin-api";
import {
  childStates,
  type NetworkChild,
  readBehindSince,
  readNetworkChildren,
  readTrafficOfNodes,
} from "@tributary/runtime";
import { type ParentStatus, readSyncStatus } from "@tributary/sync";
import { version } from "../../version.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, readQuery } from "./admin-request.ts";
import { withEstimate } from "./beginning-estimate.ts";
import { silentAfterMsOf } from "./silent-after.ts";
import { sortedPage } from "./sorted-page.ts";

const dayMs = 24 * 60 * 60_000;

/** `GET /admin/v1/network`: the parent, and a page of the children with their state. */
export const tellNetwork: AdminHandler = (node) => async (request) => {
  const { limit, after, state, q, sort, order } = readQuery(request, adminEndpoints["GET /network"].query);
  const { database, config, clock } = node;
  const now = clock.now();
  const silentAfterMs = silentAfterMsOf(node);
  const all = await database.snapshot((reader) => readNetworkChildren(reader, { now, silentAfterMs }));
  const counts = Object.fromEntries(childStates.map((one) => [one, all.filter((child) => child.state === one).length]));
  const text = q?.toLowerCase();
  const { items, next, total } = sortedPage(all, {
    nameOf: (child) => child.node,
    by: (child) => sortValue(child, sort),
    order,
    matches: (child) =>
      (state === undefined || child.state === state) &&
      (text === undefined || child.node.toLowerCase().includes(text) || child.catchment.toLowerCase().includes(text)),
    after,
    limit,
  });
  const traffic = await readTrafficOfNodes(database, { nodes: items.map((child) => child.node), since: now - dayMs });
  const behindSince = await readBehindSince(database, items);
  // The node's whole status counts all records, which nobody asks for here.
  const { parent } = await database.snapshot((reader) => readSyncStatus(reader, node.id));
  return answer({
    node: node.id,
    role: config.node.role,
    version,
    at: now,
    parent: parent ? parentOf(parent, { now, silentAfterMs, isVerifying: node.report.isVerifying }) : null,
    counts,
    children: items.map((child) => ({
      node: child.node,
      state: child.state,
      lastSeenAt: child.lastSeenAt,
      behind: child.behind,
      behindSince: behindSince.get(child.node) ?? null,
      catchment: child.catchment,
      bytesToday: traffic.get(child.node) ?? 0,
      children: child.told?.children ?? null,
      ...toldOf(child),
    })),
    total,
    next,
  });
};

/** What the child told of itself, with its times by this node's clock; nothing for a child of an earlier version. */
function toldOf({ told }: NetworkChild) {
  const { toldAt = null, version = null, clockOffsetMs = null, unsentSince = null } = told ?? {};
  const { unsent = null, parked = null, failed = null, openConflicts = null } = told ?? {};
  const since = unsentSince === null ? null : unsentSince + (clockOffsetMs ?? 0);
  return { toldAt, version, clockOffsetMs, unsent, unsentSince: since, parked, failed, openConflicts };
}

type Sort = "node" | "state" | "lastSeenAt" | "behind" | "catchment" | keyof NonNullable<NetworkChild["told"]>;

function sortValue(child: NetworkChild, sort: Sort): string | number | null {
  switch (sort) {
    case "state":
      return childStates.indexOf(child.state);
    case "node":
    case "lastSeenAt":
    case "behind":
    case "catchment":
      return child[sort];
    default:
      return child.told?.[sort] ?? null;
  }
}

interface Moment {
  readonly now: number;
  readonly silentAfterMs: number;
  readonly isVerifying: boolean;
}

function parentOf(status: ParentStatus, moment: Moment) {
  const { parent, url, lastPullAt, lastOutcome, lastError, position, head, waiting, unsent } = status;
  const { refused, parked, delayed, clockOffsetMs, pauses } = status;
  const sums = { waiting, unsent, refused, parked, delayed, clockOffsetMs, pauses };
  const state = stateOf(status, moment);
  const beginning = withEstimate(status.beginning, moment.now);
  return { node: parent, url, state, lastPullAt, lastOutcome, lastError, position, head, ...sums, beginning };
}

function stateOf(status: ParentStatus, { now, silentAfterMs, isVerifying }: Moment) {
  if (status.pauses.length > 0) return "paused";
  if (status.lastOutcome === "refused") return "refused";
  if (status.lastPullAt === null) return "never-seen";
  if (now - status.lastPullAt > silentAfterMs) return "silent";
  if (isVerifying) return "verifying";
  const isInStep = status.position >= status.head && status.unsent === 0 && status.waiting === 0;
  return isInStep && status.lastOutcome !== "interrupted" ? "in-step" : "behind";
}
