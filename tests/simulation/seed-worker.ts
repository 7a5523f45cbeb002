import type { SeedReport, SeedShare } from "./run-seeds.ts";
import { withSimulationFolder } from "./world/simulation-folder.ts";

process.once("message", async ({ from, to, step, narrowing }: SeedShare) => {
  await withSimulationFolder(async (simulate) => {
    for (let seed = from; seed < to && process.connected; seed += step) {
      const { coverage, failure, writes } = await simulate(seed, narrowing);
      const report: SeedReport = { seed, writes, failure, counts: [...coverage.counts] };
      process.send?.(report);
    }
  });
  process.disconnect();
});
