import type { Coverage } from "./coverage.ts";
import { checkCausality } from "./oracle/check-causality.ts";
import { checkConflictsTravelled } from "./oracle/check-conflicts.ts";
import { checkConvergence } from "./oracle/check-convergence.ts";
import { checkNoEcho } from "./oracle/check-echo.ts";
import { checkEffects } from "./oracle/check-effects.ts";
import { checkMarker } from "./oracle/check-markers.ts";
import { checkPurged } from "./oracle/check-purged.ts";
import { checkReport } from "./oracle/check-reports.ts";
import { checkTrailsTravelled } from "./oracle/check-trails.ts";
import { checkVoids } from "./oracle/check-voids.ts";
import { checkWrites } from "./oracle/check-writes.ts";
import { readDisk } from "./oracle/disk.ts";
import { notePurges } from "./oracle/note-losses.ts";
import { refusedForGood } from "./oracle/refused-for-good.ts";
import { tellWaiting } from "./oracle/tell-waiting.ts";
import { Violation } from "./oracle/violation.ts";
import { type Narrowing, planOf } from "./plan.ts";
import { noteMovements } from "./world/note-movements.ts";
import { World, type WorldPlace } from "./world/world.ts";

/** Rounds of push and pull at every child within which a healed network must be quiet: a change crosses the tree twice. */
const roundsToQuiet = 12;

/** Longer than anything waits before it is tried again. */
const betweenRoundsMs = 60 * 60 * 1000;

/** Longer than anything of a patient who left, or was a guest, is kept. */
const untilPurgedMs = 31 * 24 * 60 * 60 * 1000;

/** What became of one seed. */
export interface SimulationResult {
  readonly seed: number;
  readonly coverage: Coverage;
  readonly writes: number;
  readonly timeline: readonly string[];
  /** The invariant that was broken, `defect` for an error that none of the parts may throw. */
  readonly failure: { readonly invariant: string; readonly what: string } | undefined;
}

/** Runs one seed: trouble, healing, quiet, and the oracle's questions. The same seed does the same again. */
export async function simulate(seed: number, place: WorldPlace, narrowing: Narrowing = {}): Promise<SimulationResult> {
  const plan = planOf(seed, narrowing);
  await using world = new World(plan, place);
  world.onReport = async (node, report) => {
    await checkReport(node, report);
    if (report.status === "interrupted") for (const end of [node, world.above(node)]) checkCausality(world, end);
    if ("marker" in report) await checkMarker(world, node);
  };
  const result = { seed, coverage: world.coverage, timeline: world.timeline };
  try {
    await world.make();
    for (let step = 0; step < plan.steps; step++) await world.step();
    await world.heal();
    await world.mend();
    await untilQuiet(world);
    if (plan.keepHours !== undefined) {
      world.time.pass(untilPurgedMs);
      await untilQuiet(world);
    }
    for (const node of world.nodes) checkCausality(world, node);
    const disks = world.nodes.map(readDisk);
    notePurges(world.ledger, disks, (name) =>
      world.children.some((child) => child.name === name && world.restored.has(child.parent ?? "")),
    );
    checkWrites(world.ledger, disks, new Set(world.children.flatMap((one) => [...refusedForGood(world, one).records])));
    checkVoids(world.ledger, disks);
    checkConvergence(world, disks);
    checkConflictsTravelled(world, disks);
    checkPurged(world);
    await checkNoEcho(world);
    await noteMovements(world);
    await world.shareAllTrails();
    for (const node of world.nodes) await checkEffects(node, world.restored.size > 0);
    await checkTrailsTravelled(world);
    return { ...result, writes: world.ledger.entries.length, failure: undefined };
  } catch (error) {
    const failure =
      error instanceof Violation
        ? { invariant: error.invariant, what: error.message }
        : { invariant: "defect", what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    return { ...result, writes: world.ledger.entries.length, failure };
  }
}

/** I11 and I12: once healed, the network comes to rest within a bound, and at rest a round costs one request and writes nothing. */
async function untilQuiet(world: World): Promise<void> {
  const unrest = new Map<string, string>();
  for (let round = 1; round <= roundsToQuiet; round++) {
    unrest.clear();
    for (const child of world.children) {
      const pushed = await world.push(child);
      const pulled = await world.pull(child);
      const isSent =
        pushed?.status === "complete" || (pushed?.status === "partial" && refusedForGood(world, child).isAll);
      if (!pushed || !isSent || pulled?.status !== "complete") {
        unrest.set(child.name, await tellWaiting(child));
      } else if (pushed.requests > 0 || pulled.requests > 1 || pulled.applied > 0) {
        unrest.set(child.name, `${pushed.requests} and ${pulled.requests} requests, ${pulled.applied} applied`);
      }
    }
    if (unrest.size === 0) return;
    world.time.pass(betweenRoundsMs);
  }
  throw new Violation("I11", `Not quiet after ${roundsToQuiet} rounds without faults: ${JSON.stringify([...unrest])}`);
}
