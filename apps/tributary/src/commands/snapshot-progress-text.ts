import type { StatusAnswer } from "@tributary/admin-api";
import type { SnapshotProgress } from "@tributary/sync";

const told: Readonly<Record<SnapshotProgress["stage"], string>> = {
  metadata: "what belongs to no patient",
  care: "patients, allergies, problems, medication",
  recent: "the last twelve months",
  older: "what is older",
};

/** How far a node's beginning is, in one line: `Beginning: 1,200 of 50,000 records (24 %), …; about 3 min left.` */
export function describeProgress({
  stage,
  records,
  recordsTotal,
  bytes,
  bytesTotal,
  estimateMs,
}: SnapshotProgress): string {
  const percent = bytesTotal === 0 ? 100 : Math.floor((bytes / bytesTotal) * 100);
  const [here, all] = [records, recordsTotal].map((count) => count.toLocaleString("en"));
  return `Beginning: ${here} of ${all} records (${percent} %), at ${told[stage]}${leftOf(estimateMs)}.`;
}

type Beginning = NonNullable<NonNullable<StatusAnswer["parent"]>["beginning"]>;

/** The same as far as a node's status tells it: `1,200 of 50,000 records are here; about 3 min left` */
export function describeBeginning({ records, recordsTotal, estimateMs }: Beginning): string {
  const [here, all] = [records, recordsTotal].map((count) => count.toLocaleString("en"));
  return `${here} of ${all} records are here${leftOf(estimateMs)}`;
}

function leftOf(estimateMs: number | null | undefined): string {
  return estimateMs === null || estimateMs === undefined ? "" : `; about ${durationOf(estimateMs)} left`;
}

function durationOf(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
