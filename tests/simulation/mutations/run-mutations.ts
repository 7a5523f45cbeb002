import { parseArgs } from "node:util";
import { runSeeds } from "../run-seeds.ts";
import { mutations } from "./mutations.ts";

/** Seeds within which a mutation must be caught. */
const seedsMax = 400;

const { values } = parseArgs({ options: { only: { type: "string" } } });
const chosen = mutations.filter(({ name }) => values.only === undefined || name === values.only);
let survived = 0;
for (const mutation of chosen) {
  const { name, caughtBy } = mutation;
  const module = new URL("./mutate.ts", import.meta.url).href;
  const preload = { module, environment: { TRIBUTARY_MUTATION: name } };
  let [seeds, ending] = [0, "SURVIVED"];
  for await (const { seed, failure } of runSeeds({ from: 1, seeds: seedsMax, workers: 2, preload })) {
    seeds += 1;
    if (!failure) continue;
    const isNamed = caughtBy.includes(failure.invariant);
    ending = `killed by ${failure.invariant}${isNamed ? "" : ` (${caughtBy.join(", ")} was expected)`} at seed ${seed}`;
    if (isNamed) break;
  }
  if (ending === "SURVIVED") survived += 1;
  console.info(`${name.padEnd(28)} ${String(seeds).padStart(4)} seeds  ${ending}`);
}
console.info(`\n${chosen.length - survived} killed, ${survived} survived`);
process.exitCode = survived > 0 ? 1 : 0;
