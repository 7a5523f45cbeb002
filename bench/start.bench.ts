import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../tests/program/free-port.ts";
import { program, tributary } from "../tests/program/tributary.ts";
import { percentile } from "./percentile.ts";
import type { Scenario } from "./scenario.ts";

/** The bare floor: Node.js itself, answering from its own HTTP server. */
const bareServer =
  "require('node:http').createServer((_, r) => r.end('ok')).listen(Number(process.argv[1]), '127.0.0.1')";
/** How long a started node is left alone before its memory is read. */
const idleMs = 2_000;
const askEveryMs = 2;

/** How long a node takes to answer, and what it holds while nobody asks. */
export const scenarios: readonly Scenario[] = [
  {
    name: "start",
    question: "How soon does a node answer after it is started, and how much memory does it hold when idle?",
    async run(report, { quick }) {
      const home = await mkdtemp(join(tmpdir(), "tributary-bench-"));
      await using stack = new AsyncDisposableStack();
      stack.defer(() => rm(home, { recursive: true, force: true }));
      const folder = join(home, "centre");
      const port = await freePort();
      await tributary("init", "parent", "--dir", folder, "--port", String(port));
      const node = () => spawn(process.execPath, [program, "serve", "--dir", folder], { stdio: "ignore" });
      const bare = () => spawn(process.execPath, ["-e", bareServer, String(port)], { stdio: "ignore" });
      // Once unmeasured, so that compiled code is where later starts find it.
      await measureStart(node, port);
      const runs = quick ? 2 : 9;
      const [starts, bareStarts] = [await repeat(runs, node, port), await repeat(runs, bare, port)];
      report({
        measure: "from start to the first answer of /health, median",
        value: percentile(
          starts.map(({ startMs }) => startMs),
          0.5,
        ),
        unit: "ms",
        baseline: percentile(
          bareStarts.map(({ startMs }) => startMs),
          0.5,
        ),
        note: "bare: Node.js with its own HTTP server; aim: 300",
      });
      const resident = starts.flatMap(({ residentMB }) => residentMB ?? []);
      if (resident.length === 0) return;
      report({
        measure: "resident memory when idle, median",
        value: percentile(resident, 0.5),
        unit: "MB",
        baseline: percentile(
          bareStarts.flatMap(({ residentMB }) => residentMB ?? []),
          0.5,
        ),
        note: "aim: 90",
      });
    },
  },
];

interface Start {
  readonly startMs: number;
  /** `undefined` where the operating system does not tell it in `/proc`. */
  readonly residentMB: number | undefined;
}

async function repeat(runs: number, start: () => ChildProcess, port: number): Promise<Start[]> {
  const starts: Start[] = [];
  for (let run = 0; run < runs; run++) starts.push(await measureStart(start, port));
  return starts;
}

async function measureStart(start: () => ChildProcess, port: number): Promise<Start> {
  const startedAt = performance.now();
  const process = start();
  while (!(await answers(port))) await pause(askEveryMs);
  const startMs = performance.now() - startedAt;
  await pause(idleMs);
  const residentMB = await residentOf(process.pid);
  const ended = once(process, "exit");
  process.kill("SIGTERM");
  await ended;
  return { startMs, residentMB };
}

async function residentOf(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : (Number(kibibytes) * 1024) / 1e6;
}

function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health`).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.ok;
    },
    () => false,
  );
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
