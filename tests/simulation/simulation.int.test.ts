import { describe, expect, it } from "vitest";
import { runSeeds } from "./run-seeds.ts";
import { withSimulationFolder } from "./world/simulation-folder.ts";

const seeds = Number(process.env["TRIBUTARY_SIM_SEEDS"] ?? 120);

describe("simulated networks", () => {
  it(`[I1] to [I16] hold in ${seeds} networks under faults of every kind`, async () => {
    const failures: string[] = [];
    let writes = 0;
    for await (const { seed, failure, writes: more } of runSeeds({ from: 1, seeds, workers: 2 })) {
      writes += more;
      if (failure) failures.push(`seed ${seed}: ${failure.what}`);
    }
    expect(failures).toEqual([]);
    expect(writes).toBeGreaterThan(seeds * 5);
  }, 900_000);

  it("the same seed does the same again", async () => {
    await withSimulationFolder(async (simulate) => {
      for (let seed = 1; seed <= 5; seed++) {
        const [once, again] = [await simulate(seed), await simulate(seed)];
        expect(withoutEpochs(again.timeline)).toEqual(withoutEpochs(once.timeline));
      }
    });
  }, 300_000);
});

/** An epoch is drawn by the database, and decides nothing. */
function withoutEpochs(timeline: readonly string[]): string[] {
  return timeline.map((line) => line.replace(/[0-9a-f]{32}/g, "EPOCH"));
}
