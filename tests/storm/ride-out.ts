import type { Dialect } from "@tributary/database";
import { seededRandom } from "@tributary/kernel";
import { headFor, holdingsOf } from "../convergence/holdings.ts";
import { Ledger } from "../convergence/ledger.ts";
import { checkAuditCompleteness } from "../convergence/oracles/audit-completeness.ts";
import { checkConvergence } from "../convergence/oracles/convergence.ts";
import { checkExactlyOnce } from "../convergence/oracles/exactly-once.ts";
import type { Finding } from "../convergence/oracles/finding.ts";
import { checkNoLostUpdate } from "../convergence/oracles/lost-updates.ts";
import { checkNoPhantom } from "../convergence/oracles/phantoms.ts";
import { checkNoResurrection } from "../convergence/oracles/resurrections.ts";
import { User } from "../convergence/user.ts";
import { pause } from "../program/pause.ts";
import { makeTree, type Site, type Tree } from "../topology/tree.ts";
import { makeFieldLines } from "./field-lines.ts";
import { type Blows, storm } from "./weather.ts";

const children = ["north", "south", "east", "west", "island"];
/** What a 2G line bears, down which everybody's writes have to go: some 4 KB a second. */
const pauseOnFieldLinesMs = 2_500;

/** One storm to come. */
export interface StormPlan {
  readonly dialect: Dialect;
  readonly seconds: number;
  /** Where all chance comes from. */
  readonly seed: number;
  /** `cable`: all children are beside their parent. `field`: each has another line of the field, one comes and goes. */
  readonly lines: "cable" | "field";
  /** What was queued in the storm has to get across within this. */
  readonly healedWithinMs: number;
}

/** What a storm came to. */
export interface StormOutcome {
  readonly blows: Blows;
  readonly acknowledged: number;
  /** Writes whose answer was lost with the node. */
  readonly unknown: number;
  readonly conflicts: number;
  readonly healedInMs: number;
  readonly lines: readonly { readonly child: string; readonly kind: string; readonly bytes: number; drops: number }[];
  readonly findings: readonly Finding[];
}

/** Lets users work at a parent and five children while processes are killed and frozen, then asks what became of their writes. */
export async function rideOut({ dialect, seconds, seed, lines, healedWithinMs }: StormPlan): Promise<StormOutcome> {
  const field = lines === "field" ? makeFieldLines(seed) : undefined;
  await using tree = await makeTree(dialect, children, field?.lineTo);
  const sites = [tree.parent, ...tree.children];
  const ledger = new Ledger();
  for (const { node } of sites) await node.start();
  field?.begin();
  const over = AbortSignal.timeout(seconds * 1_000);
  const pace = field ? { pauseMs: pauseOnFieldLinesMs } : {};
  const users = sites.map((site, at) =>
    new User({ site, ledger, random: seededRandom(seed * 100 + at), ...pace }).work(over),
  );

  const blows = await storm(sites, seededRandom(seed), over);
  await Promise.all(users);
  field?.settle();
  const healedInMs = await healed(tree, healedWithinMs);
  for (const { node } of [...tree.children, tree.parent]) await node[Symbol.asyncDispose]();

  const [above, ...below] = await Promise.all(sites.map(holdingsOf));
  if (!above) throw new Error("There is no parent.");
  const all = [above, ...below];
  const acknowledged = ledger.writes.filter(({ ending }) => ending === "acknowledged").length;
  return {
    blows,
    acknowledged,
    unknown: ledger.writes.length - acknowledged,
    conflicts: above.conflicts.length,
    healedInMs,
    lines: (field?.lines ?? []).map(({ child, kind, drops, proxy: { counts } }) => ({
      child,
      kind,
      bytes: counts.bytesUp + counts.bytesDown,
      drops,
    })),
    findings: [
      checkConvergence(above, below),
      checkNoLostUpdate(ledger, above, all),
      checkNoPhantom(ledger, all),
      checkNoResurrection(ledger, all),
      checkExactlyOnce(above, all),
      checkAuditCompleteness(all),
    ],
  };
}

/** Waits until every child has sent all and read to the parent's end; tells how long that took, in milliseconds. */
async function healed({ parent, children: below }: Tree, withinMs: number): Promise<number> {
  const startedAt = Date.now();
  for (;;) {
    const behind: string[] = [];
    for (const site of below) behind.push(...(await whatIsMissing(parent, site)));
    const tookMs = Date.now() - startedAt;
    if (behind.length === 0) return tookMs;
    if (tookMs > withinMs) throw new Error(`After ${tookMs} ms not in step: ${behind.join(", ")}.`);
    await pause(300);
  }
}

async function whatIsMissing(parent: Site, child: Site): Promise<string[]> {
  const [above, { queued, waiting, marker }] = await Promise.all([holdingsOf(parent), holdingsOf(child)]);
  const head = headFor(above, marker);
  if (queued === 0 && waiting.length === 0 && marker?.position === head) return [];
  return [`${child.name} at ${marker?.position} of ${head}, ${queued} queued, ${waiting.length} waiting`];
}
