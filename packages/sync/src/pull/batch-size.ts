/** The size of the first batch: on the slowest lines of the field (30 kbit/s) some ten seconds when compressed. */
export const batchBytesFirst = 256 * 1024;
export const batchBytesMin = 16 * 1024;
export const batchBytesMax = 4 * 1024 * 1024;

/** An answer that takes less is fast enough to ask for twice as much. */
const fastMs = 2_000;
/** An answer that takes longer is too large for the line. */
const slowMs = 15_000;

/** How much to ask for next: double after a fast answer, half after a slow or failed one. */
export function nextBatchBytes(current: number, last: { readonly tookMs: number } | "failed"): number {
  if (last === "failed" || last.tookMs > slowMs) return Math.max(batchBytesMin, Math.floor(current / 2));
  if (last.tookMs < fastMs) return Math.min(batchBytesMax, current * 2);
  return current;
}
