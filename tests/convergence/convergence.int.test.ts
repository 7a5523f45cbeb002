import { type Dialect, sql } from "@tributary/database";
import { seededRandom } from "@tributary/kernel";
import { openNode, openNodeDatabase, readConfig } from "@tributary/runtime";
import { describe, expect, it } from "vitest";
import { pause } from "../program/pause.ts";
import { runToEnd, tributary } from "../program/tributary.ts";
import type { Site } from "../topology/tree.ts";
import { type BadNetwork, makeBadNetwork } from "./bad-network.ts";
import { type Holdings, headFor, holdingsOf } from "./holdings.ts";
import { type Kills, killInTurn } from "./killer.ts";
import { Ledger } from "./ledger.ts";
import { checkAuditCompleteness, checkChains } from "./oracles/audit-completeness.ts";
import { Causality } from "./oracles/causality.ts";
import { checkConvergence } from "./oracles/convergence.ts";
import { checkExactlyOnce } from "./oracles/exactly-once.ts";
import { type Finding, Findings } from "./oracles/finding.ts";
import { HonestEndings } from "./oracles/honest-endings.ts";
import { checkNoLostUpdate } from "./oracles/lost-updates.ts";
import { MarkerSafety } from "./oracles/marker-safety.ts";
import { checkNoPhantom } from "./oracles/phantoms.ts";
import { checkQuiescence } from "./oracles/quiescence.ts";
import { checkNoResurrection } from "./oracles/resurrections.ts";
import { User } from "./user.ts";

/** How long users work and faults happen, and the seed of all chance; a longer run or another one is set here. */
const seconds = Number(process.env["TRIBUTARY_TEST_CONVERGENCE_SECONDS"] ?? 15);
const seed = Number(process.env["TRIBUTARY_TEST_CONVERGENCE_SEED"] ?? 20_261_121);
const children = ["north", "south"];
/** After the faults, all must be in step within this: a child that failed five times in a row may wait half a minute. */
const healedWithinMs = 120_000;
/** So much longer the faults may last where machines are slow. */
const patienceMs = 120_000;
/** Some ten rounds of each child. */
const quietMs = 2_500;
const poison = "Encounter/poison";

interface Run {
  readonly network: BadNetwork;
  readonly ledger: Ledger;
  readonly markers: MarkerSafety;
  readonly causality: Causality;
  readonly endings: HonestEndings;
}

describe.each(["sqlite", "postgres"] as const)("a network under every fault at once (%s)", (dialect) => {
  it(
    "[S93] converges, and loses, invents, revives, repeats and hides nothing",
    async () => {
      await using network = await makeBadNetwork(dialect, children, seed);
      const { parent, children: sites } = network.tree;
      const run: Run = {
        network,
        ledger: new Ledger(),
        markers: new MarkerSafety(),
        causality: new Causality(),
        endings: new HonestEndings(),
      };
      await poisonAt(sites[0]!);

      const kills = await workUnderFaults(run);
      const liveness = await heal(run);
      const quiescence = await stayQuiet(run);
      const isolation = await checkIsolation(sites[0]!);
      for (const { node } of [...sites, parent]) await node[Symbol.asyncDispose]();
      const above = await holdingsOf(parent);
      await parent.node.start();
      for (const site of sites) await run.endings.check(site, above);
      await parent.node[Symbol.asyncDispose]();

      const [atParent, ...below] = await Promise.all([parent, ...sites].map(holdingsOf));
      if (!atParent) throw new Error("There is no parent.");
      const all = [atParent, ...below];
      for (const one of all) run.causality.check(one, atParent, run.ledger);
      const findings = [
        checkConvergence(withoutPoison(atParent), below.map(withoutPoison)),
        checkNoLostUpdate(run.ledger, atParent, all),
        checkNoPhantom(run.ledger, all.map(withoutPoison)),
        checkNoResurrection(run.ledger, all),
        checkExactlyOnce(atParent, all),
        run.markers.finding,
        run.causality.finding,
        checkAuditCompleteness(all.map(withoutPoison)),
        isolation,
        liveness,
        quiescence,
        run.endings.finding,
        await checkChains([...sites, parent], alterAudit),
      ];

      const happened = whatHappened(run, atParent, kills);
      console.log(tableOf(dialect, happened, findings));
      expect(
        findings.flatMap(({ invariant, broken }) => broken.slice(0, 5).map((one) => `${invariant}: ${one}`)),
      ).toEqual([]);
      expect(findings.filter(({ checked }) => checked === 0)).toEqual([]);
      expect(Object.entries(happened).filter(([, count]) => count === 0)).toEqual([]);
    },
    240_000 + patienceMs + seconds * 1_000,
  );
});

/** Puts a record into a child that its parent will refuse, past the door that would refuse it here. */
async function poisonAt({ node }: Site): Promise<void> {
  await using opened = await openNode(await readConfig(node.folder));
  const resource = { resourceType: "Encounter", id: "poison", status: "no such status" };
  await opened.database.transaction((tx) =>
    opened.store.write(tx, [
      { kind: "save", key: { type: "Encounter", id: "poison" }, body: JSON.stringify(resource), resource },
    ]),
  );
}

async function workUnderFaults(run: Run): Promise<Kills> {
  const { network, ledger, markers, causality, endings } = run;
  const { tree } = network;
  const { parent, children: sites } = tree;
  for (const { node } of [parent, ...sites]) await node.start();
  network.worsen();
  const random = seededRandom(seed);
  const kills: Kills = { parent: 0, children: 0 };
  const ending = new AbortController();
  const over = ending.signal;
  const users = [parent, ...sites].map((site, at) => new User({ site, ledger, random: seededRandom(seed + 100 + at) }));
  const work = users.map((user) => user.work(over));

  const untilOver = whenAllHasHappened(run, kills).finally(() => ending.abort());
  await killInTurn(
    tree,
    random,
    {
      kills,
      examine: async (victim) => {
        const held = await holdingsOf(victim);
        const above = victim === parent ? held : await holdingsOf(parent);
        causality.check(held, above, ledger);
        if (victim === parent) return;
        markers.check(held, above);
        if (random.next() < 0.3) await endings.check(victim, above);
      },
    },
    over,
  );
  await Promise.all([untilOver, ...work]);
  return kills;
}

/** Waits the time that the faults are to last, and on a busy machine on until each kind of them has happened. */
async function whenAllHasHappened(run: Run, kills: Kills): Promise<void> {
  const latest = Date.now() + seconds * 1_000 + patienceMs;
  await pause(seconds * 1_000);
  while (Date.now() < latest) {
    const happened = whatHappened(run, await holdingsOf(run.network.tree.parent), kills);
    if (Object.values(happened).every((count) => count > 0) && run.markers.finding.checked > 0) return;
    await pause(quietMs);
  }
}

/** I11: without faults, everything arrives within a bound. */
async function heal({ network }: Run): Promise<Finding> {
  const findings = new Findings("I11", `all are in step within ${healedWithinMs / 1_000} s of the last fault`);
  network.heal();
  const { parent, children: sites } = network.tree;
  const givenUpAt = Date.now() + healedWithinMs;
  for (const site of sites) {
    let isInStep = false;
    while (!isInStep && Date.now() < givenUpAt) {
      await pause(250);
      isInStep = await inStep(parent, site);
    }
    const why = isInStep ? "" : await whyNotInStep(parent, site);
    findings.expect(isInStep, () => `${site.name} is not in step: ${why}`);
  }
  return findings.finding;
}

async function inStep(parent: Site, child: Site): Promise<boolean> {
  const [above, below] = await Promise.all([holdingsOf(parent), holdingsOf(child)]);
  const head = headFor(above, below.marker);
  return below.queued === 0 && below.waiting.length === 0 && below.marker?.position === head;
}

async function whyNotInStep(parent: Site, child: Site): Promise<string> {
  const [above, below] = await Promise.all([holdingsOf(parent), holdingsOf(child)]);
  const { output } = await runToEnd("failed", "list", "--dir", child.node.folder);
  return [
    `${below.queued} units queued, read to ${below.marker?.position} of ${headFor(above, below.marker)}`,
    `waiting ${below.waiting}`,
    output,
  ].join("\n");
}

async function stayQuiet({ network }: Run): Promise<Finding> {
  const { parent, children: sites } = network.tree;
  // What goes on by itself behind the last change, sealing for one, comes to its end.
  await pause(quietMs);
  const before = await Promise.all([parent, ...sites].map(holdingsOf));
  const counted = network.lines.map(({ relay }) => ({ ...relay.counts }));
  await pause(quietMs);
  const after = await Promise.all([parent, ...sites].map(holdingsOf));
  const lines = network.lines.map(({ child, relay }, at) => ({
    child,
    requests: relay.counts.requests - counted[at]!.requests,
    bodies: relay.counts.bodies - counted[at]!.bodies,
  }));
  return checkQuiescence(before, after, lines);
}

/** I10: the record that nobody takes waits with its reason, and everything behind it has gone. */
async function checkIsolation(site: Site): Promise<Finding> {
  const findings = new Findings("I10", "a poison record holds nothing up but itself");
  const { queued, refused } = await holdingsOf(site);
  findings.expect(queued === 0 && refused === 1, () => `${site.name} has ${queued} queued and ${refused} refused`);
  const listed = await tributary("failed", "list", "--dir", site.node.folder, "--json");
  findings.expect(listed.includes("Encounter") && listed.includes("poison"), () => `${poison} is not listed as failed`);
  return findings.finding;
}

const tamper = sql("update audit_entries set actor = 'nobody' where position = 3");

async function alterAudit({ node }: Site): Promise<void> {
  await using database = await openNodeDatabase(await readConfig(node.folder));
  await database.transaction((tx) => tx.run(tamper));
}

function withoutPoison(held: Holdings): Holdings {
  const isOther = ({ reference }: { readonly reference: string }) => reference !== poison;
  const newest = new Map([...held.newest].filter(([name]) => name !== poison));
  return { ...held, newest, versions: held.versions.filter(isOther) };
}

function whatHappened({ network, ledger }: Run, parent: Holdings, kills: Kills): Record<string, number> {
  const count = (of: (write: Ledger["writes"][number]) => boolean) => ledger.writes.filter(of).length;
  const sum = (of: (line: BadNetwork["lines"][number]) => number) =>
    network.lines.reduce((all, one) => all + of(one), 0);
  return {
    "acknowledged writes": count(({ ending }) => ending === "acknowledged"),
    "of them deletions": count(({ ending, kind }) => ending === "acknowledged" && kind === "delete"),
    "of them in transactions": count(
      ({ ending, transaction }) => ending === "acknowledged" && transaction !== undefined,
    ),
    "writes without an answer": count(({ ending }) => ending === "unknown"),
    "kills of the parent": kills.parent,
    "kills of children": kills.children,
    "connections cut": sum(({ tcp }) => tcp.counts.broken.cut),
    "connections reset": sum(({ tcp }) => tcp.counts.broken.reset),
    "answers lost": sum(({ relay }) => relay.counts.lostAnswers),
    "requests repeated": sum(({ relay }) => relay.counts.repeats),
    "requests in all": sum(({ relay }) => relay.counts.requests),
    merges: parent.audit.filter(({ operation, node }) => operation === "merge" && node === "centre").length,
    conflicts: parent.conflicts.length,
  };
}

function tableOf(dialect: Dialect, happened: Readonly<Record<string, number>>, findings: readonly Finding[]): string {
  const counts = Object.entries(happened).map(([what, count]) => `  ${what.padEnd(28)}${String(count).padStart(7)}`);
  const held = findings.map(
    ({ invariant, promise, checked, broken }) =>
      `  ${invariant.padEnd(4)}${promise.padEnd(64)}${String(checked).padStart(7)} checked${String(broken.length).padStart(4)} broken`,
  );
  return [`${dialect}, seed ${seed}, ${seconds} s`, ...counts, ...held].join("\n");
}
