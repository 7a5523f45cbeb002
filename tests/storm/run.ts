import { parseArgs } from "node:util";
import type { Dialect } from "@tributary/database";
import { startPostgresServer } from "@tributary/database/testing";
import { recordRun } from "../long-runs/record-run.ts";
import { rideOut, type StormOutcome, type StormPlan } from "./ride-out.ts";

const usage = `A parent and five children, whose processes are killed and frozen while users work at all of them.

  node tests/storm/run.ts                      ten minutes on SQLite over the lines of the field
  node tests/storm/run.ts --database postgres  the same on PostgreSQL

  --seconds N   how long the storm lasts (600)
  --seed N      where all chance comes from (7)
  --lines L     field (2G, VSAT, 3G, one that comes and goes, a cable) or cable
  --report      writes what it came to into docs/reference/long-runs.md`;

/** A child that could not reach its parent for long tries again after a quarter of an hour at the latest. */
const healedWithinMs = 20 * 60 * 1_000;

const { values } = parseArgs({
  options: {
    database: { type: "string", default: "sqlite" },
    seconds: { type: "string", default: "600" },
    seed: { type: "string", default: "7" },
    lines: { type: "string", default: "field" },
    report: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.info(usage);
else process.exitCode = await run(values.database === "postgres" ? "postgres" : "sqlite");

async function run(dialect: Dialect): Promise<number> {
  await using server = dialect === "postgres" ? await startPostgresServer() : undefined;
  if (server) process.env["TRIBUTARY_TEST_POSTGRES_URL"] ??= server.url;
  const plan: StormPlan = {
    dialect,
    seconds: Number(values.seconds),
    seed: Number(values.seed),
    lines: values.lines === "cable" ? "cable" : "field",
    healedWithinMs,
  };
  const outcome = await rideOut(plan);
  const text = tell(plan, outcome);
  console.info(text);
  if (values.report) await recordRun(`storm on ${dialect}`, text);
  return outcome.findings.every(({ broken, checked }) => broken.length === 0 && checked > 0) ? 0 : 1;
}

function tell({ dialect, seconds, seed }: StormPlan, outcome: StormOutcome): string {
  const { blows, acknowledged, unknown, conflicts, healedInMs, lines, findings } = outcome;
  const names = { sqlite: "SQLite", postgres: "PostgreSQL" };
  const overLines = lines.map(
    ({ child, kind, bytes, drops }) =>
      `| ${child} | ${kind}${drops > 0 ? `, away ${drops} times` : ""} | ${Math.round(bytes / 1024)} |`,
  );
  return [
    `On ${names[dialect]}, ${seconds} s, seed ${seed}: ${blows.kills} kills, ${blows.killsWhileStarting} more of processes that were`,
    `starting, ${blows.freezes} freezes; ${acknowledged} writes acknowledged, ${unknown} without an answer, ${conflicts} conflicts.`,
    `All nodes were in step ${Math.round(healedInMs / 1_000)} s after the last blow.`,
    "",
    ...(overLines.length > 0 ? ["| child | line | KiB both ways |", "|---|---|---|", ...overLines, ""] : []),
    "| invariant | held against | broken |",
    "|---|---|---|",
    ...findings.map(
      ({ invariant, promise, checked, broken }) => `| ${invariant}: ${promise} | ${checked} | ${broken.length} |`,
    ),
    ...findings.flatMap(({ invariant, broken }) => broken.slice(0, 5).map((one) => `\n${invariant}: ${one}`)),
  ].join("\n");
}
