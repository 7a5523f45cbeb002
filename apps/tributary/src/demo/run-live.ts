import { systemRandom } from "@tributary/kernel";
import { inventDay } from "./console/invented-day.ts";
import { makeSignIns } from "./console/sign-ins.ts";
import { tellConsoles } from "./console/tell-consoles.ts";
import type { DemoPlan } from "./demo-plan.ts";
import { drawLiveTable } from "./live-table.ts";
import { playAll } from "./run-demo.ts";
import { busyNodesOf } from "./small-changes/busy-nodes.ts";
import { smallChangesAt } from "./small-changes/small-changes.ts";
import { rowsOf } from "./watch-stage.ts";

const betweenChangesMs = 700;

/**
 * Plays one round, tells where the consoles are and how to sign in there, and then goes on with small changes at all nodes
 * and a live table, until the signal aborts. Takes everything down, whatever happens.
 */
export async function runLive(plan: DemoPlan): Promise<void> {
  const { terminal, signal, random, clock } = plan;
  await using stack = new AsyncDisposableStack();
  const { stage, result } = await playAll(plan, stack, (text) => terminal.note(text));
  terminal.redraw("Making users for the consoles …");
  await inventDay(stage, random);
  const signIns = await makeSignIns(stage, systemRandom);
  terminal.note(tellConsoles(stage, result, signIns));
  const changes = smallChangesAt(await busyNodesOf(stage), random);
  while (!signal.aborted) {
    const did = await changes.makeOne();
    const table = drawLiveTable(await rowsOf(stage));
    terminal.redraw(`${table}\n\nlast change: ${did}`);
    await clock.sleep(betweenChangesMs, signal);
  }
}
