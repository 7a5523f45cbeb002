import type { Parameters } from "fast-check";

/** How much longer than in a check everything is tried: 100 runs for the better part of an hour. */
const times = Number(process.env["TRIBUTARY_TEST_FUZZ_TIMES"] ?? 1);
/** A check tries the same cases every time; another seed, or more times, tries others. */
const seed = Number(process.env["TRIBUTARY_TEST_FUZZ_SEED"] ?? 20_261_121);
/** No answer to one text may take more of a processor; what waits for ever meets the test's own limit. */
const oneCaseMs = 3_000;

/** How often a property is tried, and the test's own limit of time. */
export function fuzzing<Ts>(runs: number): Parameters<Ts> {
  return { seed, numRuns: runs * times, endOnFailure: times === 1 };
}

/** The limit of time of one test that fuzzes. */
export const fuzzTimeoutMs = 120_000 * Math.max(1, times);

/** Runs one case, and fails when it takes so much of a processor that a client could hold a node up with it. */
export async function inTime<Value>(work: () => Value | Promise<Value>): Promise<Value> {
  const before = process.threadCpuUsage();
  const value = await work();
  const { user, system } = process.threadCpuUsage(before);
  const tookMs = (user + system) / 1_000;
  if (tookMs > oneCaseMs) throw new Error(`One case took ${Math.round(tookMs)} ms.`);
  return value;
}
