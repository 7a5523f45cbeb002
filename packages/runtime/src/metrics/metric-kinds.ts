import type { MetricKind } from "./metric-text.ts";

/** Every metric of a node. Names and units are kept; docs/reference/metrics.md tells the same. */
export const metricKinds = [
  { name: "tributary_info", type: "gauge", help: "Always 1; the labels name the node, its role and its version." },
  { name: "tributary_records", type: "gauge", help: "Records that exist now, deleted ones left out." },
  { name: "tributary_events_total", type: "counter", help: "Changes that have their place in the log." },
  { name: "tributary_events_queued", type: "gauge", help: "Committed changes that wait for their place in the log." },
  { name: "tributary_conflicts_open", type: "gauge", help: "Contested elements that wait for a decision." },
  { name: "tributary_alerts_open", type: "gauge", help: "Alerts that are open, by rule and severity." },
  { name: "tributary_children", type: "gauge", help: "Children by their state." },
  {
    name: "tributary_child_last_seen_timestamp_seconds",
    type: "gauge",
    help: "When a child last asked for anything, in seconds since 1970.",
  },
  { name: "tributary_child_behind_entries", type: "gauge", help: "Entries that a child had not read by then." },
  {
    name: "tributary_child_clock_offset_seconds",
    type: "gauge",
    help: "What a child says is to be added to its clock to get this node's.",
  },
  { name: "tributary_child_unsent_units", type: "gauge", help: "Units that a child says it has still to send." },
  {
    name: "tributary_child_failed",
    type: "gauge",
    help: "Units and decisions refused and records not taken in, as a child says.",
  },
  { name: "tributary_child_conflicts_open", type: "gauge", help: "Conflicts that a child says are open there." },
  {
    name: "tributary_parent_last_pull_timestamp_seconds",
    type: "gauge",
    help: "When the last pull ended, in seconds since 1970.",
  },
  { name: "tributary_parent_behind_entries", type: "gauge", help: "Entries of the parent that are still to be read." },
  {
    name: "tributary_outbox_units",
    type: "gauge",
    help: "Units of own changes by state: waiting, refused, parked, delayed.",
  },
  {
    name: "tributary_decisions",
    type: "gauge",
    help: "Decisions about conflicts that the parent has not taken, by state: waiting, refused.",
  },
  {
    name: "tributary_outbox_oldest_timestamp_seconds",
    type: "gauge",
    help: "Since when the oldest own change waits to be sent, in seconds since 1970; none when nothing waits.",
  },
  {
    name: "tributary_conflicts_oldest_timestamp_seconds",
    type: "gauge",
    help: "Since when the oldest open conflict waits for a decision, in seconds since 1970; none without one.",
  },
  {
    name: "tributary_verified_timestamp_seconds",
    type: "gauge",
    help: "When all records were last compared with the parent's, by the outcome, in seconds since 1970.",
  },
  {
    name: "tributary_beginning_ratio",
    type: "gauge",
    help: "How much of a snapshot has been taken in while the node begins, 0 to 1; none at other times.",
  },
  { name: "tributary_failed_records", type: "gauge", help: "Records of the parent that could not be taken in yet." },
  {
    name: "tributary_clock_offset_seconds",
    type: "gauge",
    help: "What is to be added to this clock to get the parent's.",
  },
  { name: "tributary_link_paused", type: "gauge", help: "1 for a direction of the link that somebody has paused." },
  {
    name: "tributary_line_requests_total",
    type: "counter",
    help: "Requests to the parent and of children since the start.",
  },
  {
    name: "tributary_line_bytes_total",
    type: "counter",
    help: "Bytes sent and received on these lines since the start.",
  },
  { name: "tributary_line_failures_total", type: "counter", help: "Requests on these lines that came to nothing." },
  {
    name: "tributary_records_written_total",
    type: "counter",
    help: "Versions written since the start, by whether they came from another node or were made here.",
  },
  { name: "tributary_disk_free_ratio", type: "gauge", help: "The free part of the disk of the node's folder, 0 to 1." },
  { name: "process_resident_memory_bytes", type: "gauge", help: "Memory of the process in bytes." },
  { name: "process_cpu_seconds_total", type: "counter", help: "Processor time of the process in seconds." },
  { name: "process_start_time_seconds", type: "gauge", help: "When the process began, in seconds since 1970." },
] as const satisfies readonly MetricKind[];

/** The name of a metric. */
export type MetricName = (typeof metricKinds)[number]["name"];
