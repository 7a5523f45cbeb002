import { runSeeds } from "../run-seeds.ts";
import { withSimulationFolder } from "../world/simulation-folder.ts";
import type { Mutation } from "./mutation.ts";

/** How a hunt for a mutation ended. */
export interface Hunt {
  readonly isKilled: boolean;
  /** By what it was killed, and where: `I2 at seed 77`. */
  readonly how: string;
}

/** Runs simulated networks with the mutation until one of its invariants is found broken in one that holds without it. */
export async function huntWithSeeds({ name, caughtBy }: Mutation, seedsMax: number): Promise<Hunt> {
  const preload = { module: new URL("./mutate.ts", import.meta.url).href, environment: { TRIBUTARY_MUTATION: name } };
  const others = new Set<string>();
  for await (const { seed, failure } of runSeeds({ from: 1, seeds: seedsMax, workers: 2, preload })) {
    if (!failure) continue;
    if (!caughtBy.includes(failure.invariant)) others.add(`${failure.invariant} at seed ${seed}`);
    else if (await holdsAlone(seed)) return { isKilled: true, how: `${failure.invariant} at seed ${seed}` };
  }
  const instead = others.size > 0 ? `; instead: ${[...others].slice(0, 3).join(", ")}` : "";
  return { isKilled: false, how: `${caughtBy.join(", ")} held in ${seedsMax} networks${instead}` };
}

/** Whether a seed holds without the mutation: what fails anyway proves nothing. */
function holdsAlone(seed: number): Promise<boolean> {
  return withSimulationFolder(async (simulate) => (await simulate(seed)).failure === undefined);
}
