import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock, Random } from "@tributary/kernel";
import type { Terminal } from "../terminal.ts";
import { compareHoldings, readHoldings } from "./compare-nodes.ts";
import { DemoNode, folderOf } from "./demo-node.ts";
import { type FhirClient, fhirClientFor } from "./fhir-client.ts";
import { freePorts } from "./free-port.ts";
import { drawLiveTable, type LiveRow } from "./live-table.ts";
import { loadParent, type RecordSource } from "./load-parent.ts";
import { openParentDatabase } from "./parent-database.ts";
import { smallChangesTo } from "./small-changes.ts";

/** How often children look at their parent: often, since somebody watches. */
const pullEverySeconds = "0.5";
/** How often one looks how far the children are. */
const watchMs = 200;
/** When nothing has moved for so long, the round is given up as not converged. */
const stallMs = 60_000;
const betweenChangesMs = 700;
const childNames = ["child-1", "child-2"] as const;

export interface DemoPlan {
  readonly source: RecordSource;
  readonly onPostgres: boolean;
  /** Where the nodes' folders go; a temporary folder when left out. */
  readonly folder: string | undefined;
  /** Leave the nodes' folders behind. */
  readonly keepsFolder: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** One child at the end of a round: `missing`, `different` and `extra` count records, and 0 is right. */
export interface ChildResult {
  readonly name: string;
  readonly records: number;
  readonly missing: number;
  readonly different: number;
  readonly extra: number;
  readonly requests: number;
  readonly bytesDown: number;
}

/** What came of one round. */
export interface DemoResult {
  /** Whether every child holds exactly the parent's records, byte for byte. */
  readonly converged: boolean;
  readonly database: "sqlite" | "postgres";
  readonly records: number;
  readonly children: readonly ChildResult[];
  readonly loadSeconds: number;
  /** From the first record to the last child in step, comparing left out. */
  readonly seconds: number;
}

interface Stage {
  readonly plan: DemoPlan;
  readonly parent: DemoNode;
  readonly children: readonly DemoNode[];
  readonly client: FhirClient;
}

/**
 * One round: starts the nodes, loads the parent, lets the children pull, compares every record, and takes everything
 * down again, whatever happens.
 */
export async function runOnce(plan: DemoPlan): Promise<DemoResult> {
  await using stack = new AsyncDisposableStack();
  const stage = await setUp(plan, stack);
  return (await playRound(stage)).result;
}

/** One round, and then small changes and a live table until the signal aborts. */
export async function runLive(plan: DemoPlan): Promise<void> {
  const { terminal, signal, random, clock } = plan;
  await using stack = new AsyncDisposableStack();
  const stage = await setUp(plan, stack);
  const { result, written } = await playRound(stage);
  terminal.note(summaryOf(result));
  terminal.note(`\nThe parent is ${stage.parent.url}, its API token ${stage.parent.token}. Ctrl-C ends it all.\n`);
  const changes = smallChangesTo(written, stage.client, random);
  while (!signal.aborted) {
    const did = await changes.makeOne();
    const table = drawLiveTable(await rowsOf(stage));
    terminal.redraw(`${table}\n\nlast change: ${did}`);
    await clock.sleep(betweenChangesMs, signal);
  }
}

/** What a round came to, for a person. */
export function summaryOf({ converged, records, children, loadSeconds, seconds, database }: DemoResult): string {
  const lines = children.map(
    (child) =>
      `  ${child.name}: ${child.records} records, ${child.missing} missing, ${child.different} different, ${child.extra} extra; ${child.requests} requests, ${child.bytesDown} bytes`,
  );
  const verdict = converged ? "Converged" : "NOT converged";
  return [
    `${verdict}: ${records} records on the parent (${database}), loaded in ${loadSeconds} s, all in step after ${seconds} s.`,
    ...lines,
  ].join("\n");
}

async function setUp(plan: DemoPlan, stack: AsyncDisposableStack): Promise<Stage> {
  const { terminal, signal, clock } = plan;
  const home = await makeHome(plan, stack);
  const database = plan.onPostgres ? stack.use(await openParentDatabase(terminal.environment)) : undefined;
  const ports = await freePorts(1 + childNames.length);
  const [parentPort = 0, ...childPorts] = ports;
  const common = { clock, signal };
  terminal.redraw("Starting a parent and two children …");
  const parent = stack.use(
    await DemoNode.init({
      ...common,
      role: "parent",
      name: "parent",
      folder: folderOf(home, "parent"),
      port: parentPort,
      environment: { TRIBUTARY_LOG_LEVEL: "warn" },
      ...(database ? { database: database.url } : {}),
    }),
  );
  await parent.serve();
  const children = await Promise.all(
    childNames.map(async (name, index) => {
      const child = stack.use(
        await DemoNode.init({
          ...common,
          role: "child",
          name,
          folder: folderOf(home, name),
          port: childPorts[index] ?? 0,
          environment: { TRIBUTARY_LOG_LEVEL: "debug", TRIBUTARY_PULL_EVERY_SECONDS: pullEverySeconds },
        }),
      );
      await child.enrolWith(parent);
      await child.serve();
      return child;
    }),
  );
  return { plan, parent, children, client: fhirClientFor(parent.url, parent.token, signal) };
}

async function makeHome({ folder, keepsFolder, terminal }: DemoPlan, stack: AsyncDisposableStack): Promise<string> {
  const home = folder ?? (await mkdtemp(join(tmpdir(), "tributary-demo-")));
  await mkdir(home, { recursive: true });
  if (folder || keepsFolder) terminal.note(`The nodes stay in ${home}.`);
  else stack.defer(() => rm(home, { recursive: true, force: true }));
  return home;
}

async function playRound(stage: Stage): Promise<{ readonly result: DemoResult; readonly written: readonly string[] }> {
  const { plan, parent, children, client } = stage;
  const { clock, terminal } = plan;
  const startedAt = clock.now();
  const written = await loadParent(client, plan.source, (count) =>
    terminal.redraw(`${count} records written at the parent …`),
  );
  const loadSeconds = secondsSince(startedAt, clock);
  await untilInStep(stage);
  const seconds = secondsSince(startedAt, clock);
  const held = await readHoldings(await parent.database());
  const results: ChildResult[] = [];
  for (const child of children) {
    const { records, missing, different, extra } = compareHoldings(held, await readHoldings(await child.database()));
    tellDifferences(child.name, { missing, different, extra }, terminal);
    results.push({
      name: child.name,
      records,
      missing: missing.length,
      different: different.length,
      extra: extra.length,
      ...child.traffic,
    });
  }
  const converged = held.size > 0 && results.every((one) => one.missing + one.different + one.extra === 0);
  const database = plan.onPostgres ? "postgres" : "sqlite";
  return { result: { converged, database, records: held.size, children: results, loadSeconds, seconds }, written };
}

/** Waits until every child has taken in all that the parent has announced, or nothing moves any more. */
async function untilInStep(stage: Stage): Promise<void> {
  const { parent, children, plan } = stage;
  const { clock, terminal, signal } = plan;
  let lastMove = { at: clock.now(), sum: -1 };
  while (true) {
    signal.throwIfAborted();
    for (const node of [parent, ...children]) node.requireRunning();
    const rows = await rowsOf(stage);
    const { queued } = await parent.status();
    if (queued === 0 && rows.every(({ behind }) => behind === undefined || behind === 0)) return;
    const sum = rows.reduce((total, { records, behind }) => total + records + (behind ?? 0) * 1e-6, 0);
    if (sum !== lastMove.sum) lastMove = { at: clock.now(), sum };
    if (clock.now() - lastMove.at > stallMs) return;
    terminal.redraw(drawLiveTable(rows));
    await clock.sleep(watchMs, signal);
  }
}

async function rowsOf({ parent, children, plan }: Stage): Promise<LiveRow[]> {
  const above = await parent.status();
  const now = plan.clock.now();
  const below = await Promise.all(
    children.map(async (child): Promise<LiveRow> => {
      const { records, parent: link } = await child.status();
      const position = link?.position ?? 0;
      return {
        name: child.name,
        role: "child",
        records,
        behind: Math.max(0, above.announced - position) + (link?.waiting ?? 0),
        lastPullAgoMs: link?.lastPullAt ? Math.max(0, now - link.lastPullAt) : undefined,
        ...child.traffic,
      };
    }),
  );
  const nothing = { behind: undefined, lastPullAgoMs: undefined, requests: undefined, bytesDown: undefined };
  return [{ name: parent.name, role: "parent", records: above.records, ...nothing }, ...below];
}

/** A few references are enough to begin looking for the reason. */
const referencesTold = 10;

function tellDifferences(
  child: string,
  differences: Readonly<Record<string, readonly string[]>>,
  terminal: Terminal,
): void {
  for (const [kind, references] of Object.entries(differences)) {
    if (references.length === 0) continue;
    terminal.note(`${child}, ${references.length} ${kind}: ${references.slice(0, referencesTold).join(", ")}`);
  }
}

function secondsSince(startedAt: number, clock: Clock): number {
  return Math.round((clock.now() - startedAt) / 10) / 100;
}
