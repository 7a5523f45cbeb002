import { parseArgs } from "node:util";
import { recordRun } from "../long-runs/record-run.ts";
import { Coverage } from "./coverage.ts";
import { type Fault, faults, type Narrowing } from "./plan.ts";
import { runSeeds } from "./run-seeds.ts";
import { shrink } from "./shrink.ts";
import { type FailedSeed, tellRun } from "./tell-run.ts";
import { withSimulationFolder } from "./world/simulation-folder.ts";

const usage = `Simulates whole networks: real nodes over real SQL, with time, chance, lines and disks owned by the simulation.

  npm run sim -- --seeds 2000            runs seeds 1 to 2000, and fails when one fails or a fault never happened
  npm run sim -- --seeds 500 --from 7000 runs seeds 7000 to 7499
  npm run sim -- --seed 4711             replays one run exactly, and prints what happened

  --often FAULT every network has that fault, eight times as often: restore, clone, kill, disk-full ...; can be repeated
  --workers N   processes that share the seeds (2)
  --keep-going  goes on after the first failure
  --minutes N   stops after so long, wherever it is
  --report      writes what it came to into docs/reference/long-runs.md`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    often: { type: "string", multiple: true, default: [] },
    workers: { type: "string", default: "2" },
    "keep-going": { type: "boolean", default: false },
    minutes: { type: "string" },
    report: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const unknown = values.often.find((fault) => !faults.includes(fault as Fault));
const narrowing: Narrowing = { often: values.often as Fault[] };

if (values.help) console.info(usage);
else if (values.report && values.often.length > 0) {
  console.error("A report tells of networks as they are drawn: leave --often or --report out.");
  process.exitCode = 2;
} else if (unknown !== undefined) {
  console.error(`There is no fault ${unknown}; there are ${faults.join(", ")}.`);
  process.exitCode = 2;
} else if (values.seed !== undefined) process.exitCode = await replay(Number(values.seed));
else process.exitCode = await runAll(Number(values.from), Number(values.seeds), Number(values.workers));

/** Runs one seed again, and prints its timeline. */
async function replay(seed: number): Promise<number> {
  return withSimulationFolder(async (simulate) => {
    const result = await simulate(seed, narrowing);
    console.info(result.timeline.join("\n"));
    console.info(result.failure ? `\nSeed ${seed} failed: ${result.failure.what}` : `\nSeed ${seed} holds.`);
    return result.failure ? 1 : 0;
  });
}

/** Runs a range of seeds in several processes, and tells what was seen. */
async function runAll(from: number, seeds: number, workers: number): Promise<number> {
  const startedAt = performance.now();
  const coverage = new Coverage();
  let [done, writes, last] = [0, 0, from];
  const until = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes) * 60_000;
  const failures: FailedSeed[] = [];
  for await (const result of runSeeds({ from, seeds, workers, narrowing })) {
    done += 1;
    last = Math.max(last, result.seed);
    writes += result.writes;
    coverage.add(new Map(result.counts));
    if (done % 500 === 0) console.info(`${done} of ${seeds} seeds, ${failures.length} failed …`);
    if (result.failure) {
      failures.push({ seed: result.seed, what: result.failure.what });
      console.info(`seed ${result.seed} failed: ${result.failure.what.slice(0, 400)}`);
      if (!values["keep-going"]) break;
    }
    if (performance.now() - startedAt > until) break;
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.info(`\n${done} seeds, ${writes} writes of users, ${failures.length} failed, ${seconds} s`);
  for (const [what, times] of [...coverage.counts].sort()) console.info(`  ${what.padEnd(30)} ${times}`);
  const [firstFailed] = failures;
  if (values.report) {
    await recordRun("simulation", tellRun({ from, last, done, writes, coverage, failures, seconds: Number(seconds) }));
  }
  if (firstFailed) {
    console.info(await shrink(firstFailed.seed, narrowing));
    return 1;
  }
  const missing = coverage.missing();
  if (missing.length > 0) {
    console.info(`\nNever happened, so nothing is known of it: ${missing.join(", ")}`);
    return 1;
  }
  return 0;
}
