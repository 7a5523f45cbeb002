import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Happening } from "./coverage.ts";
import type { Narrowing } from "./plan.ts";
import type { SimulationResult } from "./simulate.ts";

/** What a worker tells of one seed. */
export interface SeedReport {
  readonly seed: number;
  readonly writes: number;
  readonly counts: readonly (readonly [Happening, number])[];
  readonly failure: SimulationResult["failure"];
}

/** The seeds that one worker runs. */
export interface SeedShare {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly narrowing: Narrowing | undefined;
}

export interface SeedRange {
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  readonly narrowing?: Narrowing;
  /** A module that is loaded before anything else, such as a mutation. */
  readonly preload?: { readonly module: string; readonly environment: Readonly<Record<string, string>> };
}

/** Runs a range of seeds in several processes and tells of each as it ends, in whatever order. Breaking off ends them. */
export async function* runSeeds({ from, seeds, workers, narrowing, preload }: SeedRange): AsyncGenerator<SeedReport> {
  const processes: ChildProcess[] = [];
  const queue: SeedReport[] = [];
  let [wake, ended]: [() => void, number] = [() => {}, 0];
  let crash: Error | undefined;
  for (let worker = 0; worker < workers; worker++) {
    const one = fork(fileURLToPath(new URL("./seed-worker.ts", import.meta.url)), {
      env: { ...process.env, ...preload?.environment },
      execArgv: preload ? ["--import", preload.module] : [],
    });
    processes.push(one);
    one.on("message", (report: SeedReport) => {
      queue.push(report);
      wake();
    });
    one.on("exit", (code) => {
      ended += 1;
      if (code) crash ??= new Error(`A worker ended with code ${code}.`);
      wake();
    });
    one.send({ from: from + worker, to: from + seeds, step: workers, narrowing } satisfies SeedShare);
  }
  try {
    while (ended < workers || queue.length > 0) {
      const next = queue.shift();
      if (next) yield next;
      else if (crash) throw crash;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (crash) throw crash;
  } finally {
    for (const one of processes) one.kill("SIGKILL");
  }
}
