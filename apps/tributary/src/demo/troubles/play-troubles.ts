import { nodeNames } from "../node-names.ts";
import { addChild, type Stage } from "../stage.ts";
import { untilInStep } from "../watch-stage.ts";
import { type FailedPush, failOnePush } from "./fail-one-push.ts";
import { untilSilent } from "./until-silent.ts";

/** What an operator finds to do at the end: nothing of it is wrong with the nodes. */
export interface Troubles {
  /** What a clinic could not send, and why. */
  readonly failed: readonly FailedPush[];
  /** The clinics that the parent calls silent. */
  readonly silent: readonly string[];
}

/**
 * Gives the network what networks have: a clinic that sends something which cannot be taken yet, and a clinic whose line is
 * gone for good. It comes last, since nobody is in step with them any more; returns the stage with the silent clinic.
 */
export async function playTroubles(
  stage: Stage,
  stack: AsyncDisposableStack,
): Promise<{ readonly stage: Stage; readonly troubles: Troubles }> {
  const { plan, children, clinics } = stage;
  plan.terminal.redraw(`${nodeNames.silent} joins, and its line goes …`);
  const joined = await addChild(stage, stack, nodeNames.silent, clinics.get(nodeNames.second)!);
  await untilInStep(joined);
  joined.lines.at(-1)!.cut();
  const failed = await failOnePush(children[0]!, plan);
  const silent = await untilSilent(joined, nodeNames.silent);
  return { stage: joined, troubles: { failed: [failed], silent } };
}
