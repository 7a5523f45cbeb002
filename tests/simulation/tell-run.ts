import type { Coverage } from "./coverage.ts";

/** A seed in which an invariant did not hold. */
export interface FailedSeed {
  readonly seed: number;
  /** Begins with the invariant. */
  readonly what: string;
}

/** What a run over a range of seeds came to. */
export interface SeedRun {
  readonly from: number;
  /** The highest seed that was run; of those next to it some may have been left out when the time was over. */
  readonly last: number;
  readonly done: number;
  /** Writes that users made. */
  readonly writes: number;
  readonly coverage: Coverage;
  readonly failures: readonly FailedSeed[];
  readonly seconds: number;
}

/** What the kinds of things that happen are called on the page, by what their names begin with. */
const kinds: Readonly<Record<string, string>> = {
  op: "What users did",
  round: "Rounds",
  outcome: "How rounds ended",
  verdict: "Verdicts",
  record: "Records that met",
  fault: "Faults",
};

/** Tells of a run as a page does: how much was tried, what happened how often, what was found. */
export function tellRun({ from, last, done, writes, coverage, failures, seconds }: SeedRun): string {
  const missing = coverage.missing();
  const parts = new Map<string, string[]>();
  for (const [name, times] of [...coverage.counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [kind = "", ...rest] = name.split(".");
    parts.set(kind, [...(parts.get(kind) ?? []), `${rest.join(".")} ${times}`]);
  }
  return [
    `Seeds ${from} to ${last}: ${done} networks, ${writes} writes of users, ${Math.round(seconds)} s.`,
    failures.length === 0 ? "Every invariant held in each of them." : `An invariant was broken in ${failures.length}:`,
    ...failures.map(({ seed, what }) => `\n- seed ${seed}: ${what.split("\n", 1)[0]}`),
    missing.length === 0 ? "Everything happened that has to." : `Never happened: ${missing.join(", ")}.`,
    "",
    "| what | how often |",
    "|---|---|",
    ...[...parts].map(([kind, counted]) => `| ${kinds[kind] ?? kind} | ${counted.join(", ")} |`),
  ].join("\n");
}
