import { performance } from "node:perf_hooks";
import type { Parameters } from "fast-check";

/** How much longer than in a check everything is tried: 100 runs for the better part of an hour. */
const times = Number(process.env["TRIBUTARY_TEST_FUZZ_TIMES"] ?? 1);
/** No answer to one text may take longer, on a machine with other things to do. */
const oneCaseMs = 3_000;

/** How often a property is tried, and the test's own limit of time. */
export function fuzzing<Ts>(runs: number): Parameters<Ts> {
  return { numRuns: runs * times, endOnFailure: times === 1 };
}

/** The limit of time of one test that fuzzes. */
export const fuzzTimeoutMs = 60_000 * Math.max(1, times);

/** Runs one case, and fails when it takes so long that a client could hold a node up with it. */
export async function inTime<Value>(work: () => Value | Promise<Value>): Promise<Value> {
  const startedAt = performance.now();
  const value = await work();
  const tookMs = performance.now() - startedAt;
  if (tookMs > oneCaseMs) throw new Error(`One case took ${Math.round(tookMs)} ms.`);
  return value;
}
