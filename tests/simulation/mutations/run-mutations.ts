import { parseArgs } from "node:util";
import { startPostgresServer } from "@tributary/database/testing";
import { type Hunt, huntWithSeeds } from "./hunt-with-seeds.ts";
import { huntWithTests } from "./hunt-with-tests.ts";
import { mutations } from "./mutations.ts";
import { recordHunt } from "./record-hunt.ts";

const usage = `Puts each historic bug back into the engine and sees whether it is found.

  npm run sim:mutations                     all of them
  npm run sim:mutations -- --only NAME      one of them

  --seeds N   simulated networks within which one must be found (600)
  --report    writes each find into its row of the table in docs/reference/long-runs.md`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seeds: { type: "string", default: "600" },
    report: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.info(usage);
else
  process.exitCode = await huntAll(mutations.filter(({ name }) => values.only === undefined || name === values.only));

async function huntAll(chosen: typeof mutations): Promise<number> {
  await using server = chosen.some(({ tests }) => tests) ? await startPostgresServer() : undefined;
  if (server) process.env["TRIBUTARY_TEST_POSTGRES_URL"] ??= server.url;
  let survived = 0;
  for (const mutation of chosen) {
    const { name, tests } = mutation;
    const hunt: Hunt = await (tests ? huntWithTests(mutation, tests) : huntWithSeeds(mutation, Number(values.seeds)));
    if (!hunt.isKilled) survived += 1;
    console.info(`${name.padEnd(28)} ${hunt.isKilled ? "killed" : "SURVIVED"}: ${hunt.how}`);
    if (values.report) await recordHunt(mutation, hunt);
  }
  console.info(`\n${chosen.length - survived} killed, ${survived} survived`);
  return survived > 0 ? 1 : 0;
}
