/**
 * Runs benchmarks: `npm run bench -- [NAME …] [--quick] [--json]`. Without a name it runs all of them.
 */
import { readdir } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { BenchRow, Scenario } from "./scenario.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
});

const scenarios = await findScenarios();
const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no scenario ${unknown.join(", ")}. There are: ${scenarios.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}

const chosen = scenarios.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const results: { readonly name: string; readonly question: string; readonly rows: readonly BenchRow[] }[] = [];
for (const scenario of chosen) {
  if (!values.json) console.log(`\n${scenario.name}: ${scenario.question}`);
  const rows: BenchRow[] = [];
  const report = (row: BenchRow): void => {
    rows.push(row);
    if (!values.json) console.log(lineOf(row));
  };
  await scenario.run(report, { quick: values.quick });
  results.push({ name: scenario.name, question: scenario.question, rows });
}
if (values.json) {
  const machine = { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, node: process.version };
  console.log(JSON.stringify({ date: new Date().toISOString(), quick: values.quick, machine, results }, undefined, 2));
}

async function findScenarios(): Promise<Scenario[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".bench.ts")).toSorted();
  const modules = await Promise.all(
    files.map((file) => import(new URL(file, import.meta.url).href) as Promise<{ scenarios: readonly Scenario[] }>),
  );
  return modules.flatMap((module) => [...module.scenarios]);
}

function lineOf({ measure, value, unit, baseline, ratio, note }: BenchRow): string {
  const against =
    baseline === undefined ? "" : `  (bare: ${rounded(baseline)} ${unit}, ratio ${rounded(ratio ?? value / baseline)})`;
  return `  ${measure.padEnd(58)} ${rounded(value).padStart(10)} ${unit}${against}${note ? `  ${note}` : ""}`;
}

function rounded(value: number): string {
  return value >= 1_000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}
