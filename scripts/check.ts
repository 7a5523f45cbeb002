import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** One thing that must hold before a change is good; it passes when its command ends with 0. */
export interface CheckStep {
  readonly name: string;
  readonly command: readonly string[];
  /** Left out by `--fast`. */
  readonly isSlow?: boolean;
}

/** What `npm run check` does, in this order: the quick and frequent failures come first. */
export const checkSteps: readonly CheckStep[] = [
  { name: "format and lint", command: ["biome", "ci", "--error-on-warnings", "."] },
  { name: "types", command: ["tsc", "-b"] },
  { name: "examples of READMEs", command: ["node", "scripts/check-readme-examples.ts"] },
  { name: "import directions", command: ["node", "scripts/check-imports.ts"] },
  { name: "doors of packages", command: ["node", "scripts/check-doors.ts"] },
  { name: "spec coverage", command: ["node", "scripts/check-spec.ts"] },
  { name: "guarantees", command: ["node", "scripts/check-guarantees.ts"] },
  { name: "links of documents", command: ["node", "scripts/check-links.ts"] },
  { name: "generated documents", command: ["node", "scripts/docs.ts", "--check"] },
  { name: "unused code", command: ["knip", "--no-progress"] },
  { name: "tests", command: ["vitest", "run"], isSlow: true },
];

/** How a step came out, with everything it printed. */
export interface StepOutcome {
  readonly passed: boolean;
  readonly output: string;
}

export interface CheckOptions {
  readonly isFast: boolean;
  readonly run: (step: CheckStep) => StepOutcome;
  readonly print: (line: string) => void;
  readonly now: () => number;
}

/** Runs the steps until one fails, a line each; only a failing step's output is shown. Tells whether all passed. */
export function runChecks(steps: readonly CheckStep[], { isFast, run, print, now }: CheckOptions): boolean {
  for (const step of steps) {
    if (isFast && step.isSlow) continue;
    const startedAt = now();
    const { passed, output } = run(step);
    const seconds = ((now() - startedAt) / 1000).toFixed(1);
    print(`${passed ? "ok    " : "FAILED"}  ${step.name.padEnd(20)}${seconds.padStart(7)} s`);
    if (!passed) {
      print(output.trimEnd());
      return false;
    }
  }
  return true;
}

function runCommand({ command: [program = "", ...rest] }: CheckStep): StepOutcome {
  const path = `${root}node_modules/.bin:${process.env["PATH"] ?? ""}`;
  const ended = spawnSync(program, rest, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, PATH: path },
    maxBuffer: 64 * 1024 * 1024,
  });
  const output = `${ended.stdout ?? ""}${ended.stderr ?? ""}${ended.error ? `${ended.error.message}\n` : ""}`;
  return { passed: ended.status === 0, output };
}

if (import.meta.main) {
  const unknown = process.argv.slice(2).filter((argument) => argument !== "--fast");
  if (unknown.length > 0) {
    console.error(
      `Unknown: ${unknown.join(" ")}. Use \`npm run check\`, or \`npm run check -- --fast\` to leave the tests out.`,
    );
    process.exit(2);
  }
  const passed = runChecks(checkSteps, {
    isFast: process.argv.includes("--fast"),
    run: runCommand,
    print: (line) => console.log(line),
    now: () => performance.now(),
  });
  process.exit(passed ? 0 : 1);
}
