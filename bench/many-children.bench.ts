import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { systemClock as clock, type NodeId, systemRandom as random } from "@tributary/kernel";
import { openNodeDatabase, readConfig } from "@tributary/runtime";
import { issueEnrolmentCode } from "@tributary/sync";
import { freePort } from "../tests/program/free-port.ts";
import { tributary } from "../tests/program/tributary.ts";
import { BareChild } from "./bare-child.ts";
import { percentile } from "./percentile.ts";
import type { BenchRow, Scenario } from "./scenario.ts";
import { serve } from "./serve.ts";

/** Catchments among which the children are shared out, and the records that change in each before they return. */
const catchments = 10;
const patientsEach = 20;
/** Each child polls so often, each time with a new token; a real one polls four times with one. */
const sweeps = 3;
const pollEverySeconds = 60;
/** A parent writes down that a child was here at most so often; a sweep lasts longer, so that every poll is written down. */
const sweepMsMin = 5_500;
const ticksPerSecond = 100;
/** Children that are served one after the other for the comparison. */
const aloneCount = 50;
const parentName = "centre";

/** What many children cost their parent. */
export const scenarios: readonly Scenario[] = [
  {
    name: "many-children",
    question: "What does it cost a parent when a thousand children poll, and when five hundred return at once?",
    async run(report, { quick }) {
      const [idle, returning] = quick ? [50, 25] : [1_000, 500];
      await using stack = new AsyncDisposableStack();
      const setting = await openSetting(stack, idle);
      await pollIdly(setting, report);
      await returnAtOnce(setting, returning, report);
      await revokePatient(setting, report);
    },
  },
];

interface Setting {
  readonly home: string;
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly agent: Agent;
  readonly children: readonly BareChild[];
}

async function openSetting(stack: AsyncDisposableStack, count: number): Promise<Setting> {
  const home = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const folder = join(home, parentName);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const token = await tributary("init", "parent", "--dir", folder, "--id", parentName, "--port", String(port));
  for (let n = 0; n < catchments; n++) {
    const rule = JSON.stringify({ location: { address: `*%*%*%Town ${n}` } });
    await tributary("catchment", "set", `c${n}`, "--rule", rule, "--dir", folder);
  }
  const pid = await serve(folder, stack);
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  stack.defer(() => agent.destroy());
  await savePatients(url, token, 0);
  await using database = await openNodeDatabase(await readConfig(folder));
  const children: BareChild[] = [];
  for (let n = 0; n < count; n++) {
    const child = new BareChild(`clinic-${n}`, url, agent);
    const catchment = `c${n % catchments}`;
    const { code } = await issueEnrolmentCode(database, { node: child.name as NodeId, catchment, clock, random });
    await child.enrol(code);
    await child.begin();
    children.push(child);
  }
  return { home, url, token, pid, agent, children };
}

/** Lets every child ask some times, and reckons from the processor time of one poll what all of them cost in a minute. */
async function pollIdly({ pid, url, children }: Setting, report: (row: BenchRow) => void): Promise<void> {
  const bare = await processorTime(pid, async () => {
    for (const _ of children) await (await fetch(new URL("/health", url))).text();
  });
  const poll = await processorTime(pid, async () => {
    for (let sweep = 0; sweep < sweeps; sweep++) {
      const startedAt = performance.now();
      for (const child of children) child.sign(parentName);
      for (const child of children) {
        const { status } = await child.poll();
        if (status !== 204) throw new Error(`An idle poll was answered ${status}.`);
      }
      await setTimeout(Math.max(0, sweepMsMin - (performance.now() - startedAt)));
    }
  });
  const polls = children.length * sweeps;
  const perPoll = (poll / polls) * 1_000;
  const perBare = (bare / children.length) * 1_000;
  report({
    measure: "processor time of an idle poll, with a new token each",
    value: perPoll,
    unit: "ms",
    baseline: perBare,
    ratio: perPoll / perBare,
    note: "bare: GET /health on the same server",
  });
  report({
    measure: `${children.length.toLocaleString("en")} children that poll every ${pollEverySeconds} s, share of one core`,
    value: ((perPoll / 1_000) * children.length * 100) / pollEverySeconds,
    unit: "%",
    note: "aim: at most 10",
  });
}

/** After a few changes in each catchment all of them come back in the same moment, each over a connection of its own. */
async function returnAtOnce(setting: Setting, count: number, report: (row: BenchRow) => void): Promise<void> {
  const { url, token, children, agent } = setting;
  const returning = children.slice(0, count);
  await savePatients(url, token, 1);
  for (const child of returning) child.sign(parentName);
  agent.destroy();
  const startedAt = performance.now();
  const ends = await Promise.all(
    returning.map(async (child) => {
      const answers = await child.catchUp();
      return { endedMs: performance.now() - startedAt, answers };
    }),
  );
  const statuses = ends.flatMap(({ answers }) => answers.map(({ status }) => status));
  const short = ends.filter(({ answers }) => answers.length !== 2 || !answers[1]!.body.includes("Reading 1"));
  if (short.length > 0) throw new Error(`${short.length} children were not told what had changed.`);
  const times = ends.map(({ endedMs }) => endedMs);
  const oneByOne = returning.slice(0, Math.min(count, aloneCount));
  const alone = performance.now();
  for (const child of oneByOne) await child.catchUp();
  const aloneMs = (performance.now() - alone) / oneByOne.length;
  const label = `${count} children return at once, ${patientsEach} changed records each`;
  report({
    measure: `${label}: until the last is served`,
    value: Math.max(...times) / 1_000,
    unit: "s",
    baseline: (aloneMs * count) / 1_000,
    note: "bare: one after the other over warm connections; aim: 3",
  });
  report({ measure: `${label}: until half of them are served`, value: percentile(times, 0.5) / 1_000, unit: "s" });
  report({
    measure: `${label}: answers of 5xx among ${statuses.length}`,
    value: statuses.filter((status) => status >= 500).length,
    unit: "",
    note: `others than 200: ${statuses.filter((status) => status !== 200).length}; aim: 0`,
  });
}

/** Lets a patient leave a real clinic's catchment, which synchronizes once. */
async function revokePatient({ home, url, token }: Setting, report: (row: BenchRow) => void): Promise<void> {
  const [centre, clinic] = [join(home, parentName), join(home, "clinic")];
  const code = await tributary("enrol", "--dir", centre, "--new", "clinic", "--catchment", "c0");
  await tributary("init", "child", "--dir", clinic, "--id", "clinic", "--port", "0");
  await tributary("enrol", "--dir", clinic, "--parent", url, "--code", code);
  await tributary("pull", "--dir", clinic);
  const before = await recordsAt(clinic);
  await save(url, token, [aPatient("c0-p0", "Elsewhere", 2)]);
  await tributary("pull", "--dir", clinic);
  const after = await recordsAt(clinic);
  if (before !== patientsEach) throw new Error(`The clinic had ${before} patients.`);
  report({
    measure: "a patient leaves the catchment: that patient's records at the child after one pull",
    value: after - (before - 1),
    unit: "records",
    note: "aim: 0",
  });
}

async function recordsAt(folder: string): Promise<number> {
  return (JSON.parse(await tributary("status", "--json", "--dir", folder)) as { readonly records: number }).records;
}

async function savePatients(url: string, token: string, reading: number): Promise<void> {
  for (let n = 0; n < catchments; n++) {
    const patients = Array.from({ length: patientsEach }, (_, p) => aPatient(`c${n}-p${p}`, `Town ${n}`, reading));
    await save(url, token, patients);
  }
}

function aPatient(id: string, city: string, reading: number): object {
  const name = [{ family: "Otieno", given: ["Achieng"], text: `Reading ${reading}` }];
  return {
    resourceType: "Patient",
    id,
    active: true,
    name,
    gender: "female",
    birthDate: "1980-05-17",
    address: [{ city }],
  };
}

async function save(url: string, token: string, patients: readonly object[]): Promise<void> {
  const entry = patients.map((resource) => {
    const { id } = resource as { readonly id: string };
    return { resource, request: { method: "PUT", url: `Patient/${id}` } };
  });
  const answer = await fetch(new URL("/fhir", url), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/fhir+json", prefer: "return=minimal" },
    body: JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }),
  });
  if (!answer.ok) throw new Error(`The parent refused the patients: ${answer.status} ${await answer.text()}`);
}

/** Seconds of processor that a process took while something was done, by Linux's own count. */
async function processorTime(pid: number, work: () => Promise<void>): Promise<number> {
  const before = await ticksOf(pid);
  await work();
  return ((await ticksOf(pid)) - before) / ticksPerSecond;
}

async function ticksOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]!.split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
