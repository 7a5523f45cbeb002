import { playBeginning } from "./catchments/play-beginning.ts";
import { isWholeMove, playMove } from "./catchments/play-move.ts";
import { compareStage } from "./compare-stage.ts";
import type { DemoPlan } from "./demo-plan.ts";
import { type DemoResult, type RoundResult, summaryOfBeginning, summaryOfMove, summaryOfRound } from "./demo-result.ts";
import { playApart } from "./edits-apart/play-apart.ts";
import { drawLiveTable } from "./live-table.ts";
import { loadParent } from "./load-parent.ts";
import { secondsSince } from "./seconds-since.ts";
import { smallChangesTo } from "./small-changes.ts";
import { type Stage, setUpStage } from "./stage.ts";
import { rowsOf, untilInStep } from "./watch-stage.ts";

const betweenChangesMs = 700;

/**
 * One round: starts the nodes, loads the parent, lets the clinics pull, and compares every record; then cuts the clinics
 * off, lets every node edit, lets them meet again, lets a patient move and a third clinic begin, and compares anew. Takes
 * everything down, whatever happens.
 */
export async function runOnce(plan: DemoPlan): Promise<DemoResult> {
  await using stack = new AsyncDisposableStack();
  const stage = await setUpStage(plan, stack);
  const { result } = await playRound(stage);
  const apart = await playApart(stage);
  const moved = await playMove(stage);
  const { stage: last, began } = await playBeginning(stage, stack);
  const { converged, ...end } = await compareStage(last);
  const isWhole = result.converged && converged && apart.editsApart.lost.length === 0 && isWholeMove(moved);
  return { ...result, converged: isWhole, ...end, ...apart, moved, began };
}

/** One round, a move and a beginning, and then small changes and a live table until the signal aborts. */
export async function runLive(plan: DemoPlan): Promise<void> {
  const { terminal, signal, random, clock } = plan;
  await using stack = new AsyncDisposableStack();
  const first = await setUpStage(plan, stack);
  const { result, written } = await playRound(first);
  terminal.note(summaryOfRound(result));
  terminal.note(summaryOfMove(await playMove(first)));
  const { stage, began } = await playBeginning(first, stack);
  terminal.note(summaryOfBeginning(began));
  terminal.note(`\nThe parent is ${stage.parent.url}, its API token ${stage.parent.token}. Ctrl-C ends it all.\n`);
  const changes = smallChangesTo(written, stage.client, random);
  while (!signal.aborted) {
    const did = await changes.makeOne();
    const table = drawLiveTable(await rowsOf(stage));
    terminal.redraw(`${table}\n\nlast change: ${did}`);
    await clock.sleep(betweenChangesMs, signal);
  }
}

async function playRound(stage: Stage): Promise<{ readonly result: RoundResult; readonly written: readonly string[] }> {
  const { plan, client } = stage;
  const { clock, terminal } = plan;
  const startedAt = clock.now();
  const written = await loadParent(client, plan.source, (count) =>
    terminal.redraw(`${count} records written at the parent …`),
  );
  const loadSeconds = secondsSince(startedAt, clock);
  await untilInStep(stage);
  const seconds = secondsSince(startedAt, clock);
  const database = plan.onPostgres ? "postgres" : "sqlite";
  const compared = await compareStage(stage);
  return { result: { database, ...compared, loadSeconds, seconds }, written };
}
