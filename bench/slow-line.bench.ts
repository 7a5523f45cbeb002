import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@tributary/kernel";
import { type Node, openNode, readConfig } from "@tributary/runtime";
import type { Synchronizer } from "@tributary/sync";
import { type FaultProxy, openFaultProxy } from "../tests/faults/fault-proxy.ts";
import { lineProfiles, oneWayOf } from "../tests/faults/line-conditions.ts";
import { freePort } from "../tests/program/free-port.ts";
import { tributary } from "../tests/program/tributary.ts";
import { makeObservations, makeSurroundings } from "./observations.ts";
import type { BenchRow, Scenario } from "./scenario.ts";
import { serve } from "./serve.ts";

const changes = 500;
const queuedWrites = 1_000;
/** Single writes that stand for all of them: at a second each the whole of them would take many minutes. */
const singleWrites = 15;
const slowLine = oneWayOf(lineProfiles["2G"]);

/** What synchronization costs on a line of 30 kbit/s with 600 ms there and back. */
export const scenarios: readonly Scenario[] = [
  {
    name: "slow-line",
    question: "How long do 500 changes take on 30 kbit/s with round trips of 600 ms, and what do they cost?",
    async run(report, { quick }) {
      await using stack = new AsyncDisposableStack();
      const count = quick ? 50 : changes;
      const { clinic, synchronizer, line, centre } = await openPair(stack, count);
      const single = await measureSingleWrites(line, centre, quick ? 3 : singleWrites);
      const bare = (measure: "seconds" | "bytes") => (single[measure] / single.writes) * count;

      for (const observation of makeObservations(count, 1)) await put(clinic, observation);
      const pushed = await over(line, () => synchronizer.pushOnce(new AbortController().signal));
      tell("child to parent", count, pushed, bare, report);
      const echoed = await over(line, () => synchronizer.pullOnce(new AbortController().signal));
      report({
        measure: "the pull behind it, which brings the child its own changes' entries",
        value: echoed.seconds,
        unit: "s",
        note: `${echoed.requests} requests, ${echoed.bytes} bytes`,
      });

      for (const observation of makeObservations(count, 2)) await putOverHttp(centre.port, centre.token, observation);
      const pulled = await over(line, () => synchronizer.pullOnce(new AbortController().signal));
      tell("parent to child", count, pulled, bare, report);

      const told = await over(line, () => synchronizer.shareAuditOnce(new AbortController().signal));
      report({
        measure: "telling the parent the audit trail of all that",
        value: told.seconds,
        unit: "s",
        note: `${told.requests} requests, ${told.bytes} bytes`,
      });
      await measureIdleRound(line, synchronizer, report);

      const writes = quick ? 100 : queuedWrites;
      for (const { id, ...observation } of makeObservations(writes, 3)) {
        await put(clinic, { ...observation, id: `new-${String(id)}` });
      }
      line.shape({});
      const startedAt = performance.now();
      const replayed = await synchronizer.pushOnce(new AbortController().signal);
      if (replayed.pushed !== writes) throw new Error(`The push ended ${replayed.status}.`);
      report({
        measure: `${writes.toLocaleString("en")} queued writes replayed: requests`,
        value: replayed.requests,
        unit: "requests",
        baseline: writes,
        note: `in ${((performance.now() - startedAt) / 1_000).toFixed(2)} s on a fast line; bare: one by one; aim: 20`,
      });
    },
  },
];

type Report = (row: BenchRow) => void;

interface Centre {
  readonly port: number;
  readonly token: string;
}

interface Pair {
  readonly clinic: Node;
  readonly synchronizer: Synchronizer;
  readonly line: FaultProxy;
  readonly centre: Centre;
}

/** A served parent and a child in step with it, the line between them still fast. */
async function openPair(stack: AsyncDisposableStack, count: number): Promise<Pair> {
  const home = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const [above, below] = [join(home, "centre"), join(home, "clinic")];
  const port = await freePort();
  await tributary("init", "parent", "--dir", above, "--id", "centre", "--port", String(port));
  const file = join(home, "observations.ndjson");
  await writeFile(
    file,
    [...makeSurroundings(queuedWrites), ...makeObservations(count, 0)]
      .map((one) => `${JSON.stringify(one)}\n`)
      .join(""),
  );
  await tributary("load", "--dir", above, file);
  const token = await tributary("token", "create", "bench", "--dir", above);
  await serve(above, stack);
  const line = stack.use(await openFaultProxy(port, seededRandom(30_000)));
  const code = await tributary("enrol", "--dir", above, "--new", "clinic");
  await tributary("init", "child", "--dir", below, "--id", "clinic", "--port", "0");
  await tributary("enrol", "--dir", below, "--parent", line.url, "--code", code);
  const clinic = stack.use(await openNode(await readConfig(below)));
  const synchronizer = stack.use(await clinic.openSynchronizer());
  const first = await synchronizer.pullOnce(new AbortController().signal);
  if (first.status !== "complete") throw new Error(`The first pull ended ${first.status}.`);
  return { clinic, synchronizer, line, centre: { port, token } };
}

interface Cost {
  readonly seconds: number;
  readonly requests: number;
  /** All that went over the line in both directions, headers included. */
  readonly bytes: number;
}

/** Does a round over the slow line. */
async function over(
  line: FaultProxy,
  round: () => Promise<{ readonly status: string; readonly requests: number }>,
): Promise<Cost> {
  line.shape(slowLine);
  const before = line.counts.bytesUp + line.counts.bytesDown;
  const startedAt = performance.now();
  const { status, requests } = await round();
  if (status !== "complete") throw new Error(`The round ended ${status}.`);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { seconds, requests, bytes: line.counts.bytesUp + line.counts.bytesDown - before };
}

function tell(
  way: string,
  count: number,
  { seconds, requests, bytes }: Cost,
  bare: (measure: "seconds" | "bytes") => number,
  report: Report,
): void {
  const label = `${count} changed Observations, ${way}`;
  const note = `bare: ${count} PUTs one by one, from ${singleWrites} of them`;
  report({ measure: label, value: seconds, unit: "s", baseline: bare("seconds"), note: `${note}; aim: 30` });
  report({
    measure: `${label}: on the line`,
    value: bytes / count,
    unit: "bytes/change",
    baseline: bare("bytes") / count,
  });
  report({ measure: `${label}: requests`, value: requests, unit: "requests", baseline: count, note: "aim: 10" });
}

/** The floor of doing without a protocol: the same changes as FHIR updates, each waiting for the answer to the last. */
async function measureSingleWrites(line: FaultProxy, { token }: Centre, writes: number) {
  const observations = makeObservations(writes, 9).map(({ id, ...rest }) => ({ ...rest, id: `bare-${String(id)}` }));
  line.shape(slowLine);
  const before = line.counts.bytesUp + line.counts.bytesDown;
  const startedAt = performance.now();
  for (const observation of observations) await putOverHttp(line.port, token, observation);
  const seconds = (performance.now() - startedAt) / 1_000;
  line.shape({});
  return { writes, seconds, bytes: line.counts.bytesUp + line.counts.bytesDown - before };
}

async function measureIdleRound(line: FaultProxy, synchronizer: Synchronizer, report: Report): Promise<void> {
  const signal = new AbortController().signal;
  await synchronizer.pullOnce(signal);
  let requests = 0;
  const { seconds, bytes } = await over(line, async () => {
    const pushed = await synchronizer.pushOnce(signal);
    const pulled = await synchronizer.pullOnce(signal);
    requests = pushed.requests + pulled.requests;
    return pulled;
  });
  report({
    measure: "an idle round: on the line, headers included",
    value: bytes,
    unit: "bytes",
    note: `${requests} requests, ${seconds.toFixed(1)} s; aim: 1 request, 1,024 bytes`,
  });
}

async function put(node: Node, resource: Record<string, unknown>): Promise<void> {
  const path = `${String(resource["resourceType"])}/${String(resource["id"])}`;
  const { status } = await node.fhir.handle({
    method: "PUT",
    url: new URL(`http://bench.test/fhir/${path}`),
    headers: { "content-type": "application/fhir+json", prefer: "return=minimal" },
    parameters: { path },
    body: JSON.stringify(resource),
    signal: new AbortController().signal,
  });
  if (status !== 200 && status !== 201) throw new Error(`A write was answered with ${status}.`);
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function putOverHttp(port: number, token: string, resource: Record<string, unknown>): Promise<void> {
  const path = `/fhir/${String(resource["resourceType"])}/${String(resource["id"])}`;
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/fhir+json",
    prefer: "return=minimal",
  };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, path, method: "PUT", headers }, (answer) => {
      answer.resume().once("end", () => {
        if (answer.statusCode === 200 || answer.statusCode === 201) resolve();
        else reject(new Error(`A write was answered with ${answer.statusCode}.`));
      });
    });
    sent.once("error", reject).end(JSON.stringify(resource));
  });
}
