import { isRefusal, type LineFailure, lineFailureOf } from "../parent-line.ts";
import type { SyncOutcome } from "../sync-report.ts";

/** Does the work of a round and tells what broke it off, if anything; what is this node's own fault is thrown on. */
export async function brokenOff(work: Promise<void>, signal: AbortSignal): Promise<LineFailure | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return lineFailureOf(error, signal);
  }
}

/** How a round ended, by what broke it off and by how much is left. */
export function outcomeOf(error: LineFailure | undefined, left: number): SyncOutcome {
  if (error) return isRefusal(error) ? "refused" : "interrupted";
  return left > 0 ? "partial" : "complete";
}

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
