import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openNode, readConfig } from "@tributary/runtime";
import { freePort } from "../tests/program/free-port.ts";
import { tributary } from "../tests/program/tributary.ts";
import { makeRecords } from "./records.ts";
import type { BenchRow, Scenario } from "./scenario.ts";
import { serve } from "./serve.ts";

/** Rows in one transaction of the bare insert: as many as a batch of the pull brings. */
const bareBatch = 500;
const idlePolls = 20;

/** What it takes a child to hold what its parent holds: time, requests, bytes. */
export const scenarios: readonly Scenario[] = [
  {
    name: "pull",
    question: "How fast does a child take in everything from its parent, and what does that cost on the line?",
    async run(report, { quick }) {
      for (const count of quick ? [2_000] : [10_000, 50_000]) await pullAll(count, report);
    },
  },
];

async function pullAll(count: number, report: (row: BenchRow) => void): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const lines = [...makeRecords(count)].map((resource) => JSON.stringify(resource));
  const [centre, clinic] = [join(home, "centre"), join(home, "clinic")];
  const port = await freePort();
  await startLoadedParent(stack, centre, port, lines);
  const code = await tributary("enrol", "--dir", centre, "--new", "clinic");
  await tributary("init", "child", "--dir", clinic, "--id", "clinic", "--port", "0");
  await tributary("enrol", "--dir", clinic, "--parent", `http://127.0.0.1:${port}`, "--code", code);

  const bare = bareInsertsPerSecond(join(home, "bare.db"), lines);
  const child = stack.use(await openNode(await readConfig(clinic)));
  await using synchronizer = await child.openSynchronizer();
  const signal = new AbortController().signal;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const pulled = await synchronizer.pullOnce(signal);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  if (pulled.status !== "complete" || pulled.applied !== count) throw new Error(`The pull ended ${pulled.status}.`);

  const label = `${count.toLocaleString("en")} records`;
  report({
    measure: `${label}: taken in, indexed, with history, events and audit`,
    value: count / seconds,
    unit: "records/s",
    baseline: bare,
    ratio: count / seconds / bare,
    note: "bare: the bodies alone into two tables; aim: 10,000",
  });
  report({
    measure: `${label}: processor time of the child`,
    value: (cpu.user + cpu.system) / count,
    unit: "µs/record",
  });
  report({ measure: `${label}: requests`, value: pulled.requests, unit: "requests" });
  report({
    measure: `${label}: bytes over the line`,
    value: pulled.bytesDown / count,
    unit: "bytes/record",
    baseline: lines.reduce((bytes, line) => bytes + line.length, 0) / count,
    note: "bare: the bodies uncompressed",
  });
  await idle(synchronizer, label, report);
}

async function idle(
  synchronizer: { pullOnce(signal: AbortSignal): Promise<{ readonly requests: number; readonly bytesDown: number }> },
  label: string,
  report: (row: BenchRow) => void,
): Promise<void> {
  const cpuBefore = process.cpuUsage();
  let requests = 0;
  let bytes = 0;
  for (let poll = 0; poll < idlePolls; poll++) {
    const one = await synchronizer.pullOnce(new AbortController().signal);
    requests += one.requests;
    bytes += one.bytesDown;
  }
  const cpu = process.cpuUsage(cpuBefore);
  report({
    measure: `${label}: an idle pull afterwards`,
    value: (cpu.user + cpu.system) / idlePolls,
    unit: "µs of processor",
    note: `${requests / idlePolls} requests, ${bytes / idlePolls} bytes of bodies`,
  });
}

/** The floor: the same bodies, durable, in a record table and a history table of a bare SQLite file. */
function bareInsertsPerSecond(file: string, lines: readonly string[]): number {
  const database = new DatabaseSync(file);
  database.exec("pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full");
  database.exec("create table record (id integer primary key, name text unique)");
  database.exec("create table version (id integer primary key, record integer, body text)");
  const addRecord = database.prepare("insert into record (name) values (?)");
  const addVersion = database.prepare("insert into version (record, body) values (?, ?)");
  const startedAt = performance.now();
  for (let from = 0; from < lines.length; from += bareBatch) {
    database.exec("begin immediate");
    for (const [at, line] of lines.slice(from, from + bareBatch).entries()) {
      const { lastInsertRowid } = addRecord.run(`Type/bench-${from + at}`);
      addVersion.run(lastInsertRowid, line);
    }
    database.exec("commit");
  }
  const perSecond = lines.length / ((performance.now() - startedAt) / 1_000);
  database.close();
  return perSecond;
}

async function startLoadedParent(
  stack: AsyncDisposableStack,
  folder: string,
  port: number,
  lines: readonly string[],
): Promise<void> {
  await tributary("init", "parent", "--dir", folder, "--id", "centre", "--port", String(port));
  const file = join(folder, "records.ndjson");
  await writeFile(file, `${lines.join("\n")}\n`);
  await tributary("load", "--dir", folder, file);
  await serve(folder, stack);
}
