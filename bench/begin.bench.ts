import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Random, seededRandom } from "@tributary/kernel";
import { type Node, openNode, readConfig } from "@tributary/runtime";
import { type Exchange, openHttpExchange } from "@tributary/sync";
import { freePort } from "../tests/program/free-port.ts";
import { tributary } from "../tests/program/tributary.ts";
import { makeRecords } from "./records.ts";
import type { BenchRow, Scenario } from "./scenario.ts";
import { serve } from "./serve.ts";

const recordsPerPatient = 5;
/** A beginning that a cut line breaks off is gone on with so often. */
const roundsMax = 20;
const cutEveryBytes = 64 * 1024;

/** What it takes a new child to begin from a snapshot, over a good line and a bad one, and to find itself identical. */
export const scenarios: readonly Scenario[] = [
  {
    name: "begin",
    question: "How long does a new child take to begin from a snapshot, what does that cost, and what a comparison?",
    run: (report, { quick }) => begin(quick ? 25_000 : 50_000, report),
  },
];

async function begin(count: number, report: (row: BenchRow) => void): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const lines = [...records(count)];
  const port = await freePort();
  const centre = join(home, "centre");
  await tributary("init", "parent", "--dir", centre, "--id", "centre", "--port", String(port));
  const file = join(home, "records.ndjson");
  await writeFile(file, `${lines.join("\n")}\n`);
  await tributary("load", "--dir", centre, file);
  await serve(centre, stack);
  const line = stack.use(await openHttpExchange());
  const raw = lines.reduce((bytes, text) => bytes + text.length, 0);
  const label = `${(count / recordsPerPatient).toLocaleString("en")} patients, ${count.toLocaleString("en")} records`;

  const counted = counting(line, Number.POSITIVE_INFINITY);
  const clean = await beginOne("north", { home, centre, port }, counted.exchange, stack);
  report({ measure: `${label}: all of a beginning`, value: clean.seconds, unit: "s", note: "aim: 10" });
  report({
    measure: `${label}: bytes over the line`,
    value: counted.bytes() / 1_000_000,
    unit: "MB",
    baseline: raw / 1_000_000,
    ratio: counted.bytes() / raw,
    note: "bare: the bodies uncompressed; aim: 6",
  });

  const bad = counting(line, cutEveryBytes);
  const cut = await beginOne("south", { home, centre, port }, bad.exchange, stack);
  report({
    measure: `${label}: bytes when the line is cut every 64 KiB`,
    value: bad.bytes() / 1_000_000,
    unit: "MB",
    baseline: counted.bytes() / 1_000_000,
    ratio: bad.bytes() / counted.bytes(),
    note: `${cut.seconds.toFixed(1)} s; bare: without a cut; aim: a ratio of 1.3`,
  });
  await verify(clean.node, label, report);
}

async function verify(child: Node, label: string, report: (row: BenchRow) => void): Promise<void> {
  await using synchronizer = await child.openSynchronizer();
  const signal = new AbortController().signal;
  const first = await synchronizer.verifyOnce(signal);
  const again = await synchronizer.verifyOnce(signal);
  if (first.outcome !== "identical" || again.outcome !== "identical") throw new Error("The nodes are not identical.");
  report({
    measure: `${label}: found identical with the parent`,
    value: first.tookMs,
    unit: "ms",
    note: `${first.requests} requests, ${first.bytesDown} bytes; again, the parent's tree in memory: ${again.tookMs} ms; aim: 1 request, 1,024 bytes`,
  });
}

interface Place {
  readonly home: string;
  readonly centre: string;
  readonly port: number;
}

async function beginOne(
  name: string,
  { home, centre, port }: Place,
  exchange: Exchange,
  stack: AsyncDisposableStack,
): Promise<{ readonly node: Node; readonly seconds: number }> {
  const folder = join(home, name);
  const code = await tributary("enrol", "--dir", centre, "--new", name);
  await tributary("init", "child", "--dir", folder, "--id", name, "--port", "0");
  await tributary("enrol", "--dir", folder, "--parent", `http://127.0.0.1:${port}`, "--code", code);
  const node = stack.use(await openNode(await readConfig(folder), { exchange }));
  await using synchronizer = await node.openSynchronizer();
  const startedAt = performance.now();
  for (let rounds = 1; ; rounds++) {
    const pulled = await synchronizer.pullOnce(new AbortController().signal);
    if (pulled.status === "complete") break;
    if (rounds === roundsMax) throw new Error(`It did not end: ${pulled.status}, ${pulled.error?.message}`);
  }
  return { node, seconds: (performance.now() - startedAt) / 1_000 };
}

/** Counts what comes over a line, and breaks it off whenever so much has come. */
function counting(line: Exchange, cutEvery: number): { readonly exchange: Exchange; bytes(): number } {
  let bytes = 0;
  let left = cutEvery;
  const exchange: Exchange = async (request, signal) => {
    const cut = new AbortController();
    const told = request.onPart;
    if (!told) {
      const answer = await line(request, signal);
      bytes += answer.wireBytes;
      return answer;
    }
    const onPart: typeof told = (part, status) => {
      bytes += part.byteLength;
      left -= part.byteLength;
      told(part, status);
      if (left > 0) return;
      left = cutEvery;
      cut.abort();
    };
    return line({ ...request, onPart }, AbortSignal.any([signal, cut.signal]));
  };
  return { exchange, bytes: () => bytes };
}

/** One Patient to four Observations, with ids that no compression can guess. */
function* records(count: number): Generator<string> {
  const random = seededRandom(11);
  let patient = "";
  for (const made of makeRecords(count * 2)) {
    if (count <= 0) return;
    const isPatient = made["resourceType"] === "Patient";
    if (!isPatient && patient === "") continue;
    if (isPatient) patient = uuid(random);
    else if (Number(String(made["id"]).split("-").at(-1)) % 10 >= recordsPerPatient) continue;
    count -= 1;
    const id = isPatient ? patient : uuid(random);
    yield JSON.stringify({ ...made, id, ...(isPatient ? {} : { subject: { reference: `Patient/${patient}` } }) });
  }
}

function uuid(random: Random): string {
  const hex = Buffer.from(random.bytes(16)).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
