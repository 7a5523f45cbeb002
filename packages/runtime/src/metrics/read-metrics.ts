import { listOpenConflicts, readOldestUnsent } from "@tributary/sync";
import { listAlerts } from "../alerts/alerts.ts";
import { freePercentOf } from "../alerts/gather-signs.ts";
import { childStates } from "../network/child-state.ts";
import { readNetworkChildren } from "../network/read-children.ts";
import { type NodeStatus, readNodeStatus } from "../node/node-status.ts";
import type { Node } from "../node/open-node.ts";
import { programVersion } from "../node/program-version.ts";
import { type MetricName, metricKinds } from "./metric-kinds.ts";
import { type Sample, writeMetrics } from "./metric-text.ts";

/** Children that have metrics of their own; of more than that the states tell enough. */
const childrenMax = 2_000;
const alertsMax = 500;

type Put = (metric: MetricName, value: number, labels?: Readonly<Record<string, string>>) => void;

/** A node's metrics as text: names of nodes and numbers, and nothing of any record. */
export async function readMetrics(node: Node): Promise<string> {
  const { database, config, clock } = node;
  const samples: Sample[] = [];
  const put: Put = (metric, value, labels) => samples.push({ metric, value, ...(labels ? { labels } : {}) });
  const status = await readNodeStatus(database, config);
  put("tributary_info", 1, { node: node.id, role: config.node.role, version: programVersion });
  put("tributary_records", status.records);
  put("tributary_events_total", status.announced);
  put("tributary_events_queued", status.queued);
  put("tributary_conflicts_open", status.openConflicts);
  await putAlerts(node, put);
  if (config.node.role !== "child") await putChildren(node, clock.now(), put);
  if (status.parent) putParent(status.parent, put);
  await putOldest(node, status, put);
  putTraffic(node, put);
  const free = await freePercentOf(config);
  if (free !== null) put("tributary_disk_free_ratio", Math.round(free * 10) / 1000);
  putProcess(clock.now(), put);
  return writeMetrics(metricKinds, samples);
}

async function putAlerts({ database }: Node, put: Put): Promise<void> {
  const open = await listAlerts(database, { state: "open", limit: alertsMax });
  for (const [key, some] of Map.groupBy(open, ({ rule, severity }) => `${rule} ${severity}`)) {
    const [rule = "", severity = ""] = key.split(" ");
    put("tributary_alerts_open", some.length, { rule, severity });
  }
}

async function putChildren({ database, config }: Node, now: number, put: Put): Promise<void> {
  const silentAfterMs = config.alerts.silentMinutes * 60_000;
  const children = await database.snapshot((reader) => readNetworkChildren(reader, { now, silentAfterMs }));
  for (const state of childStates) {
    put("tributary_children", children.filter((child) => child.state === state).length, { state });
  }
  for (const { node: child, lastSeenAt, behind, told } of children.slice(0, childrenMax)) {
    if (lastSeenAt !== null) put("tributary_child_last_seen_timestamp_seconds", lastSeenAt / 1000, { child });
    if (behind !== null) put("tributary_child_behind_entries", behind, { child });
    if (!told) continue;
    put("tributary_child_clock_offset_seconds", told.clockOffsetMs / 1000, { child });
    put("tributary_child_unsent_units", told.unsent, { child });
    put("tributary_child_failed", told.failed, { child });
    put("tributary_child_conflicts_open", told.openConflicts, { child });
  }
}

async function putOldest({ database }: Node, { parent }: NodeStatus, put: Put): Promise<void> {
  const [conflict] = await listOpenConflicts(database, 1);
  if (conflict) put("tributary_conflicts_oldest_timestamp_seconds", conflict.openedAt / 1000);
  const unsentSince = parent ? await readOldestUnsent(database, parent.parent) : null;
  if (unsentSince !== null) put("tributary_outbox_oldest_timestamp_seconds", unsentSince / 1000);
}

function putParent(status: NonNullable<NodeStatus["parent"]>, put: Put): void {
  if (status.lastPullAt !== null) put("tributary_parent_last_pull_timestamp_seconds", status.lastPullAt / 1000);
  put("tributary_parent_behind_entries", Math.max(0, status.head - status.position));
  for (const [state, units] of [
    ["waiting", status.unsent],
    ["refused", status.refused],
    ["parked", status.parked],
    ["delayed", status.delayed],
  ] as const) {
    put("tributary_outbox_units", units, { state });
  }
  put("tributary_decisions", status.decisions.waiting, { state: "waiting" });
  put("tributary_decisions", status.decisions.refused, { state: "refused" });
  put("tributary_failed_records", status.waiting);
  const { verified, beginning } = status;
  if (verified) put("tributary_verified_timestamp_seconds", verified.verifiedAt / 1000, { outcome: verified.outcome });
  if (beginning) put("tributary_beginning_ratio", beginning.records / Math.max(1, beginning.recordsTotal));
  put("tributary_clock_offset_seconds", status.clockOffsetMs / 1000);
  for (const direction of ["push", "pull"] as const) {
    const isPaused = status.pauses.some((pause) => pause.direction === direction);
    put("tributary_link_paused", isPaused ? 1 : 0, { direction });
  }
}

function putTraffic({ traffic: { totals } }: Node, put: Put): void {
  put("tributary_line_requests_total", totals.requests);
  put("tributary_line_bytes_total", totals.bytesSent, { direction: "sent" });
  put("tributary_line_bytes_total", totals.bytesReceived, { direction: "received" });
  put("tributary_line_failures_total", totals.failures);
  put("tributary_records_written_total", totals.recordsIn, { from: "elsewhere" });
  put("tributary_records_written_total", totals.recordsOut, { from: "here" });
}

function putProcess(now: number, put: Put): void {
  const { user, system } = process.cpuUsage();
  put("process_resident_memory_bytes", process.memoryUsage.rss());
  put("process_cpu_seconds_total", (user + system) / 1e6);
  put("process_start_time_seconds", Math.round(now / 1000 - process.uptime()));
}
