import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { openNode, readConfig } from "@tributary/runtime";
import { freePort } from "../tests/program/free-port.ts";
import { tributary } from "../tests/program/tributary.ts";
import { makeRecords } from "./records.ts";
import type { BenchRow, Scenario } from "./scenario.ts";
import { serve } from "./serve.ts";

const clients = 32;
const bundleEntries = 100;
/** Everything that a write leaves behind; the bare insert writes the same rows into the same tables and indexes. */
const writtenTables =
  /^(resource|resource_version|search_\w+|event_records|event_record_feeds|event_order_keys|event_records_queue|audit_entries)$/;

/** What a durable, validated, indexed and announced write costs. */
export const scenarios: readonly Scenario[] = [
  {
    name: "rest-writes",
    question: "How many records a second can be written through the REST API, durably, on SQLite?",
    async run(report, { quick }) {
      await inProcess("bundles", quick ? 2_000 : 20_000, report);
      await inProcess("singles", quick ? 1_000 : 10_000, report);
      await overHttp(quick ? 1_000 : 10_000, report);
    },
  },
];

type Report = (row: BenchRow) => void;
type Post = (path: string, body: string) => Promise<number>;

async function inProcess(kind: "bundles" | "singles", count: number, report: Report): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const folder = await newParent(stack);
  const node = stack.use(await openNode(await readConfig(folder)));
  const post: Post = async (path, body) => {
    const url = new URL(`http://bench.test/fhir${path === "" ? "" : `/${path}`}`);
    const headers = { "content-type": "application/fhir+json", prefer: "return=minimal" };
    const { signal } = new AbortController();
    return (await node.fhir.handle({ method: "POST", url, headers, parameters: { path }, body, signal })).status;
  };
  const writes = kind === "bundles" ? bundlesOf(count) : singlesOf(count);
  const perCommit = kind === "bundles" ? bundleEntries : 1;
  const { perSecond, cpuMicroseconds } = await measure(writes, kind === "bundles" ? 1 : clients, perCommit, post);
  const bare = bareInserts(join(folder, "node.db"), join(folder, "bare.db"), count, bundleEntries);
  const bareDurable =
    kind === "bundles" ? bare : bareInserts(join(folder, "node.db"), join(folder, "one.db"), count, 1);
  const name = kind === "bundles" ? "Transaction Bundles of 100 creates" : "Single creates, 32 at once";
  report({
    measure: `${name}, in process`,
    value: perSecond,
    unit: "records/s",
    baseline: bareDurable,
    ratio: perSecond / bareDurable,
    note: `aim: ${kind === "bundles" ? "8,000" : "3,000"}; bare: the same rows, ${kind === "bundles" ? "100 records" : "one record"} a commit`,
  });
  report({ measure: `${name}, processor time`, value: cpuMicroseconds, unit: "µs/record" });
}

async function overHttp(count: number, report: Report): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const port = await freePort();
  const folder = await newParent(stack, port);
  const token = await tributary("token", "create", "bench", "--dir", folder);
  await serve(folder, stack);
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/fhir+json",
    prefer: "return=minimal",
  };
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  stack.defer(() => agent.destroy());
  const post: Post = (path, body) =>
    new Promise((resolve, reject) => {
      const options = { agent, port, path: `/fhir/${path}`, method: "POST", headers };
      const sent = request(options, (answer) => {
        answer.resume().once("end", () => resolve(answer.statusCode ?? 0));
      });
      sent.once("error", reject).end(body);
    });
  const note = "the client runs on the same cores";
  const bundles = await measure(bundlesOf(count), 2, bundleEntries, post);
  report({
    measure: "Transaction Bundles of 100 creates, over HTTP",
    value: bundles.perSecond,
    unit: "records/s",
    note,
  });
  const singles = await measure(singlesOf(count), clients, 1, post);
  report({ measure: "Single creates by 32 clients, over HTTP", value: singles.perSecond, unit: "records/s", note });
}

interface Write {
  readonly path: string;
  readonly body: string;
}

function singlesOf(count: number): Write[] {
  return [...makeRecords(count)].map((resource) => ({
    path: String(resource["resourceType"]),
    body: JSON.stringify(resource),
  }));
}

function bundlesOf(count: number): Write[] {
  const entries = [...makeRecords(count)].map((resource, n) => ({
    fullUrl: `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    resource,
    request: { method: "POST", url: String(resource["resourceType"]) },
  }));
  return Array.from({ length: count / bundleEntries }, (_, n) => {
    const entry = entries.slice(n * bundleEntries, (n + 1) * bundleEntries);
    return { path: "", body: JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }) };
  });
}

/** Lets `atOnce` clients work through the writes, the first tenth of them unmeasured. */
async function measure(writes: readonly Write[], atOnce: number, records: number, post: Post) {
  const warmUp = Math.ceil(writes.length / 10);
  await work(writes.slice(0, warmUp), atOnce, post);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await work(writes.slice(warmUp), atOnce, post);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const written = (writes.length - warmUp) * records;
  return { perSecond: written / seconds, cpuMicroseconds: (cpu.user + cpu.system) / written };
}

async function work(writes: readonly Write[], atOnce: number, post: Post): Promise<void> {
  const waiting = writes.values();
  const client = async (): Promise<void> => {
    for (const { path, body } of waiting) {
      const status = await post(path, body);
      if (status !== 200 && status !== 201) throw new Error(`A write was answered with ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
}

/** The floor: the very rows that a run has left, inserted into the same tables by prepared statements alone. */
function bareInserts(from: string, to: string, records: number, recordsPerCommit: number): number {
  const source = new DatabaseSync(from, { readOnly: true });
  const bare = new DatabaseSync(to);
  bare.exec(
    "pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -16384",
  );
  const schema = source
    .prepare("select name, tbl_name, type, sql from sqlite_schema where sql is not null order by type desc")
    .all() as { name: string; tbl_name: string; type: string; sql: string }[];
  for (const { tbl_name, sql } of schema) if (writtenTables.test(tbl_name)) bare.exec(sql);
  const tables = schema.filter(({ name, type }) => type === "table" && writtenTables.test(name));
  const contents = tables.map(({ name }) => {
    const rows = source.prepare(`select * from ${name}`).all() as Record<string, SQLInputValue>[];
    const columns = Object.keys(rows[0] ?? {});
    const marks = columns.map(() => "?").join(", ");
    const insert =
      rows.length > 0 ? bare.prepare(`insert into ${name} (${columns.join(", ")}) values (${marks})`) : undefined;
    return { rows: rows.map((row) => columns.map((column) => row[column] ?? null)), insert };
  });
  const commits = Math.ceil(records / recordsPerCommit);
  const startedAt = performance.now();
  for (let commit = 0; commit < commits; commit++) {
    bare.exec("begin immediate");
    for (const { rows, insert } of contents) {
      const share = rows.length / commits;
      for (let at = Math.round(commit * share); at < Math.round((commit + 1) * share); at++) insert?.run(...rows[at]!);
    }
    bare.exec("commit");
  }
  const perSecond = records / ((performance.now() - startedAt) / 1_000);
  source.close();
  bare.close();
  return perSecond;
}

async function newParent(stack: AsyncDisposableStack, port = 0): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const folder = join(home, "parent");
  await tributary("init", "parent", "--dir", folder, "--id", "parent", "--port", String(port));
  return folder;
}
