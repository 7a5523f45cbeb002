import type { ParentStatus } from "@tributary/sync";

/** How far a node is with its first snapshot, and how long the rest may take at the pace since it began. */
export function withEstimate(beginning: ParentStatus["beginning"], now: number) {
  if (!beginning) return null;
  const { records, recordsTotal, startedAt } = beginning;
  const tookMs = Math.max(0, now - startedAt);
  return { ...beginning, estimateMs: records === 0 ? null : Math.round((tookMs * (recordsTotal - records)) / records) };
}
