import { type Fault, faults, type Habit, habits, type Narrowing, planOf } from "./plan.ts";
import { withSimulationFolder } from "./world/simulation-folder.ts";

/** Lines of the timeline that are printed at the most. */
const linesMax = 150;

/**
 * Takes away from a failing seed what its failure does not need: first whole kinds of faults, then steps from the end.
 * Returns a text with what is left and its timeline.
 */
export async function shrink(seed: number, { often = [] }: Pick<Narrowing, "often"> = {}): Promise<string> {
  return withSimulationFolder(async (simulate) => {
    const fails = async (steps: number, without: readonly (Fault | Habit)[]) =>
      (await simulate(seed, { steps, without, often })).failure !== undefined;
    let { steps } = planOf(seed);
    let without: (Fault | Habit)[] = [];
    if (!(await fails(steps, without))) return `Seed ${seed} did not fail again: something outside the seed decides.`;
    for (const fault of [...faults, ...habits]) {
      if (await fails(steps, [...without, fault])) without = [...without, fault];
    }
    for (let less = Math.floor(steps / 2); less >= 1; less = Math.floor(less / 2)) {
      while (steps > less && (await fails(steps - less, without))) steps -= less;
    }
    const { failure, timeline } = await simulate(seed, { steps, without, often });
    const left = planOf(seed, { without, often });
    const needed = [...Object.keys(left.rates), ...Object.keys(left.habits)];
    return [
      `\nSeed ${seed}, shrunk to ${steps} steps with the faults: ${needed.join(", ") || "none"}`,
      ...timeline.slice(0, linesMax),
      failure?.what ?? "",
    ].join("\n");
  });
}
