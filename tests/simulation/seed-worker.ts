import type { SeedReport } from "./run-seeds.ts";
import { withSimulationFolder } from "./world/simulation-folder.ts";

process.once("message", async ({ from, to, step }: { from: number; to: number; step: number }) => {
  await withSimulationFolder(async (simulate) => {
    for (let seed = from; seed < to && process.connected; seed += step) {
      const { coverage, failure, writes } = await simulate(seed);
      const report: SeedReport = { seed, writes, failure, counts: [...coverage.counts] };
      process.send?.(report);
    }
  });
  process.disconnect();
});
