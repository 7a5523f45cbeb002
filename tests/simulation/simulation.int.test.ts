import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { mutations } from "./mutations/mutations.ts";
import { runSeeds } from "./run-seeds.ts";
import { withSimulationFolder } from "./world/simulation-folder.ts";

const seeds = Number(process.env["TRIBUTARY_SIM_SEEDS"] ?? 200);
const root = new URL("../../", import.meta.url);

/** Seeds that failed once, by what they found. */
const pinned: readonly (readonly [seed: number, found: string])[] = [
  [17, "what failed under a clock that was set back since was not tried again for years"],
  [70, "a bit that flipped in a merged body on its way down was taken over"],
  [162, "a record differed by one flipped bit between parent and child"],
  [23, "a unit that a proxy found too large once was never tried again"],
  [19, "a unit waited for ever for a patient that was deleted before the parent saw it"],
  [265, "a verdict that came late put back a base that a pull had moved on"],
];

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
  });

  it.each(pinned)("seed %i holds, in which %s", async (seed) => {
    const { failure } = await withSimulationFolder((simulate) => simulate(seed));
    expect(failure).toBeUndefined();
  });

  it("the same seed does the same again", async () => {
    await withSimulationFolder(async (simulate) => {
      for (let seed = 1; seed <= 5; seed++) {
        const [once, again] = [await simulate(seed), await simulate(seed)];
        expect(withoutEpochs(again.timeline)).toEqual(withoutEpochs(once.timeline));
      }
    });
  });

  it.each(mutations.flatMap(({ name, edits }) => edits.map((edit) => [name, edit] as const)))(
    "the mutation %s still finds its place in the source",
    async (_name, { file, find }) => {
      const source = await readFile(new URL(file, root), "utf8");
      expect(source.split(find)).toHaveLength(2);
    },
  );
});

/** An epoch is drawn by the database, and decides nothing. */
function withoutEpochs(timeline: readonly string[]): string[] {
  return timeline.map((line) => line.replace(/[0-9a-f]{32}/g, "EPOCH"));
}
