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
  const left = estimateMs === undefined ? "" : `; about ${durationOf(estimateMs)} left`;
  const [here, all] = [records, recordsTotal].map((count) => count.toLocaleString("en"));
  return `Beginning: ${here} of ${all} records (${percent} %), at ${told[stage]}${left}.`;
}

function durationOf(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
