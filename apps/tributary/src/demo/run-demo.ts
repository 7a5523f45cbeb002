import { playBeginning } from "./catchments/play-beginning.ts";
import { isWholeMove, playMove } from "./catchments/play-move.ts";
import { compareStage } from "./compare-stage.ts";
import type { DemoPlan } from "./demo-plan.ts";
import {
  type DemoResult,
  type RoundResult,
  summaryOfApart,
  summaryOfBeginning,
  summaryOfMove,
  summaryOfRound,
  summaryOfTroubles,
} from "./demo-result.ts";
import { playApart } from "./edits-apart/play-apart.ts";
import { loadParent } from "./load-parent.ts";
import { secondsSince } from "./seconds-since.ts";
import { type Stage, setUpStage } from "./stage.ts";
import { playTroubles } from "./troubles/play-troubles.ts";
import { untilInStep } from "./watch-stage.ts";

/**
 * One round: starts the nodes, loads the parent, lets the clinics pull, and compares every record; then cuts the clinics
 * off, lets every node edit, lets them meet again, lets a patient move and a third clinic begin, and compares anew; last
 * come troubles, as every network has them. Takes everything down, whatever happens.
 */
export async function runOnce(plan: DemoPlan): Promise<DemoResult> {
  await using stack = new AsyncDisposableStack();
  return (await playAll(plan, stack, () => {})).result;
}

/** The same, told as it goes; returns the stage for whoever goes on with it. */
export async function playAll(
  plan: DemoPlan,
  stack: AsyncDisposableStack,
  tell: (text: string) => void,
): Promise<{ readonly stage: Stage; readonly result: DemoResult }> {
  const first = await setUpStage(plan, stack);
  const result = await playRound(first);
  tell(summaryOfRound(result));
  const apart = await playApart(first);
  tell(summaryOfApart(apart));
  const moved = await playMove(first);
  tell(summaryOfMove(moved));
  const { stage: joined, began } = await playBeginning(first, stack);
  tell(summaryOfBeginning(began));
  const { converged, ...end } = await compareStage(joined);
  const isWhole = result.converged && converged && apart.editsApart.lost.length === 0 && isWholeMove(moved);
  const { stage, troubles } = await playTroubles(joined, stack);
  tell(summaryOfTroubles(troubles));
  return { stage, result: { ...result, converged: isWhole, ...end, ...apart, moved, began, troubles } };
}

async function playRound(stage: Stage): Promise<RoundResult> {
  const { plan, client } = stage;
  const { clock, terminal } = plan;
  const startedAt = clock.now();
  await loadParent(client, plan.source, (count) => terminal.redraw(`${count} records written at the hospital …`));
  const loadSeconds = secondsSince(startedAt, clock);
  await untilInStep(stage);
  const seconds = secondsSince(startedAt, clock);
  const database = plan.onPostgres ? "postgres" : "sqlite";
  return { database, ...(await compareStage(stage)), loadSeconds, seconds };
}
