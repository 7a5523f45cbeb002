import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Narrowing } from "../plan.ts";
import { type SimulationResult, simulate } from "../simulate.ts";
import { makeTemplate } from "./sim-node.ts";
import { SimClock, SimTime } from "./sim-time.ts";

/** Memory that looks like a disk, where there is one: a simulation kills processes, never the machine. */
const memoryDisk = "/dev/shm";

/** Gives `work` a way to simulate seeds in a folder that is gone afterwards. */
export async function withSimulationFolder<Result>(
  work: (simulateSeed: (seed: number, narrowing?: Narrowing) => Promise<SimulationResult>) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(existsSync(memoryDisk) ? memoryDisk : tmpdir(), "tributary-sim-"));
  try {
    const template = join(folder, "template.db");
    await makeTemplate(template, new SimClock(new SimTime()));
    let runs = 0;
    return await work((seed, narrowing) => {
      runs += 1;
      return simulate(seed, { folder: join(folder, String(runs)), template }, narrowing);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
