import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Hunt } from "./hunt-with-seeds.ts";
import type { Mutation, WitnessTest } from "./mutation.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const config = fileURLToPath(new URL("./mutated-tests.config.ts", import.meta.url));

interface Assertion {
  readonly title: string;
  readonly status: string;
}

/** Runs the tests that must fail with a mutation; each of them has to. */
export async function huntWithTests({ name, caughtBy }: Mutation, tests: readonly WitnessTest[]): Promise<Hunt> {
  for (const { path, title } of tests) {
    const ended = (await runTests(name, path, title)).filter((one) => one.title.includes(title));
    if (ended.some(({ status }) => status === "failed")) continue;
    const why = ended.length === 0 ? "was not run" : "passes";
    return { isKilled: false, how: `${path} "${title}" ${why}` };
  }
  return { isKilled: true, how: `${caughtBy.join(", ")} by ${tests.map(({ path }) => path).join(", ")}` };
}

async function runTests(mutation: string, path: string, title: string): Promise<readonly Assertion[]> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-mutation-"));
  const outputFile = join(folder, "result.json");
  try {
    const literal = title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const words = ["run", path, "-t", literal, "--config", config, "--reporter", "json", "--outputFile", outputFile];
    const vitest = spawn(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...words], {
      cwd: root,
      env: { ...process.env, TRIBUTARY_MUTATION: mutation },
      stdio: "ignore",
    });
    await once(vitest, "exit");
    const { testResults } = JSON.parse(await readFile(outputFile, "utf8")) as {
      readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[];
    };
    return testResults.flatMap(({ assertionResults }) => assertionResults);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
