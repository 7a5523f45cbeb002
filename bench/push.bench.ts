import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bulkInsert, openDatabase, sql } from "@tributary/database";
import { startPostgresServer } from "@tributary/database/testing/postgres-server";
import { type Node, openNode, readConfig } from "@tributary/runtime";
import { type Exchange, enrolWithParent, issueEnrolmentCode } from "@tributary/sync";
import { exchangeOver } from "@tributary/sync/testing";
import { tributary } from "../tests/program/tributary.ts";
import { makeRecords } from "./records.ts";
import type { BenchRow, Scenario } from "./scenario.ts";

const unitRecords = 5;
const signal = new AbortController().signal;

/** How fast a parent takes in what its children push: judged, merged where needed, with history, index, events and audit. */
export const scenarios: readonly Scenario[] = [
  {
    name: "push",
    question: "How many records a second does a parent take in from a child, audit included?",
    async run(report, { quick }) {
      const count = quick ? 500 : 10_000;
      await onDatabase("SQLite", "node.db", count, 2_000, report);
      await using server = await startPostgresServer({ durable: true });
      await onDatabase("PostgreSQL", server.url, count, 1_500, report);
    },
  },
];

async function onDatabase(
  where: string,
  address: string,
  count: number,
  aim: number,
  report: (row: BenchRow) => void,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const units = makeUnits(count);
  const bare = await bareInsertsPerSecond(address === "node.db" ? join(home, "bare.db") : address, units);
  const parent = await openIn(stack, join(home, "centre"), "parent", address);
  const line = timed(exchangeOver(parent.syncRoutes));
  const child = await openIn(stack, join(home, "clinic"), "child", "node.db", line);
  await enrol(child, parent, line);
  await using synchronizer = await child.openSynchronizer();

  await writeAtChild(child, units.slice(0, units.length / 10));
  await synchronizer.pushOnce(signal);
  Object.assign(line, { tookMs: 0, cpuMicroseconds: 0 });
  const rest = units.slice(units.length / 10);
  await writeAtChild(child, rest);
  const startedAt = performance.now();
  const pushed = await synchronizer.pushOnce(signal);
  const tookMs = performance.now() - startedAt;
  const records = rest.length * unitRecords;
  if (pushed.status !== "complete" || pushed.pushed !== records) {
    throw new Error(`The push ended ${pushed.status}, with ${pushed.pushed} of ${records} records.`);
  }
  const perSecond = records / (line.tookMs / 1_000);
  report({
    measure: `${where}: taken in by the parent, in units of ${unitRecords}`,
    value: perSecond,
    unit: "records/s",
    baseline: bare,
    ratio: perSecond / bare,
    note: `bare: the bodies alone into one table, a commit for each unit; aim: ${aim.toLocaleString("en")}`,
  });
  report({
    measure: `${where}: the whole push, the child's packing and settling included`,
    value: records / (tookMs / 1_000),
    unit: "records/s",
    note: `${pushed.requests} requests`,
  });
  report({
    measure: `${where}: processor time of the parent${where === "SQLite" ? "" : ", without the database server's"}`,
    value: line.cpuMicroseconds / records,
    unit: "µs/record",
  });
}

/** Units whose references all lead to a record of the same unit or of an earlier one. */
function makeUnits(count: number): Record<string, unknown>[][] {
  const records = [...makeRecords(count)];
  for (const record of records)
    for (const name of ["managingOrganization", "encounter", "performer"]) delete record[name];
  return Array.from({ length: count / unitRecords }, (_, n) => records.slice(n * unitRecords, (n + 1) * unitRecords));
}

async function openIn(
  stack: AsyncDisposableStack,
  folder: string,
  role: "parent" | "child",
  database: string,
  exchange?: Exchange,
): Promise<Node> {
  const identity = ["--id", role === "parent" ? "centre" : "clinic", "--port", "0", "--database", database];
  await tributary("init", role, "--dir", folder, ...identity);
  const config = await readConfig(folder);
  return stack.use(await openNode(config, exchange ? { exchange } : {}));
}

async function enrol(child: Node, parent: Node, exchange: Exchange): Promise<void> {
  const { database, clock, random } = parent;
  const { code } = await issueEnrolmentCode(database, { node: child.id, clock, random });
  const { id: nodeId } = child;
  await enrolWithParent({
    database: child.database,
    nodeId,
    clock,
    exchange,
    code,
    parentUrl: "http://parent.test",
  });
}

/** Writes each unit in a transaction of its own; on SQLite the log has it at once. */
async function writeAtChild({ database, store }: Node, units: readonly Record<string, unknown>[][]): Promise<void> {
  for (const unit of units) {
    await database.transaction((tx) =>
      store.write(
        tx,
        unit.map((resource) => ({
          kind: "save" as const,
          key: { type: String(resource["resourceType"]), id: String(resource["id"]) },
          body: JSON.stringify(resource),
          resource: resource as never,
        })),
      ),
    );
  }
}

/** A line that counts what the other end takes to answer pushes: time, and this process's processor meanwhile. */
function timed(line: Exchange) {
  const counted = async (...[request, aborted]: Parameters<Exchange>) => {
    const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
    const answer = await line(request, aborted);
    if (request.url.pathname.endsWith("/push")) {
      const cpu = process.cpuUsage(cpuBefore);
      timedLine.tookMs += performance.now() - startedAt;
      timedLine.cpuMicroseconds += cpu.user + cpu.system;
    }
    return answer;
  };
  const timedLine = Object.assign(counted, { tookMs: 0, cpuMicroseconds: 0 });
  return timedLine;
}

const createBare = sql("create table bench_bare (id text primary key, body text not null)");
const dropBare = sql("drop table bench_bare");
const putBare = bulkInsert("bench_bare", { id: "text", body: "text" });

/** The same bodies, durable, in one table, with a commit for each unit. */
async function bareInsertsPerSecond(address: string, units: readonly Record<string, unknown>[][]): Promise<number> {
  await using database = await openDatabase({ address });
  await database.transaction((tx) => tx.run(createBare));
  const startedAt = performance.now();
  for (const unit of units) {
    await database.transaction((tx) =>
      putBare(
        tx,
        unit.map((resource) => [`${resource["resourceType"]}/${resource["id"]}`, JSON.stringify(resource)]),
      ),
    );
  }
  const perSecond = (units.length * unitRecords) / ((performance.now() - startedAt) / 1_000);
  await database.transaction((tx) => tx.run(dropBare));
  return perSecond;
}
