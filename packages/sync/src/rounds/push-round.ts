import { countUntakenDecisions, sendDecisions } from "../conflict/decide/send-decisions.ts";
import { countHeldPushes } from "../control/held-pushes.ts";
import { trafficSince } from "../parent-line.ts";
import { pushToParent } from "../push/push-to-parent.ts";
import { countQueuedUnits } from "../push/queue/count-units.ts";
import { emptyPushTally } from "../push/settle-unit.ts";
import { healingLost } from "../restore/heal-lost.ts";
import { healingRestored } from "../restore/heal-restored.ts";
import { endOffer } from "../restore/unfinished-offer.ts";
import type { PushReport } from "../sync-report.ts";
import { noteReach } from "../tiers/note-reach.ts";
import type { ChildEnd } from "./child-end.ts";
import { pullRound } from "./pull-round.ts";
import { brokenOff, outcomeOf, sumOf } from "./round-outcome.ts";

/** One push: the queue, then what was decided about conflicts; told in a report and in the log. */
export async function pushRound(child: ChildEnd, signal: AbortSignal): Promise<PushReport> {
  const { options, plan } = child;
  const { database, clock, logger, nodeId } = options;
  const startedAt = clock.now();
  const line = await child.openLine();
  const { link, connection } = line;
  const { parent } = link;
  const before = { ...connection.traffic };
  const tally = emptyPushTally();
  const error = await brokenOff(
    healingRestored(parent, options, () =>
      healingLost(
        () => pushToParent(child.pushOver(line), tally, signal),
        async () => {
          const pulled = await pullRound(child, signal);
          // A pull that has ended well has met all that there was to meet.
          if (!pulled.error) await database.transaction((tx) => endOffer(tx, parent));
          return pulled;
        },
      ),
    ),
    signal,
  );
  const sideError = error
    ? undefined
    : await brokenOff(sendDecisions({ ...options, parent, connection }, signal), signal);
  if (!error) await database.transaction((tx) => noteReach(tx, parent, nodeId));
  const { waiting, rejected: refused, parked, delayed, discarded } = await countQueuedUnits(database, parent);
  const heldBack = await countHeldPushes(database, parent, plan);
  const decisions = await countUntakenDecisions(database, parent);
  const left = { queued: waiting + discarded - heldBack, refused, parked, delayed, decisions };
  const status = outcomeOf(error, sumOf(left));
  const traffic = trafficSince(before, connection.traffic);
  const tookMs = Math.abs(clock.now() - startedAt);
  const counts = { parent, status, ...tally, ...left, heldBack, ...traffic, tookMs };
  const told = { ...counts, code: error?.code };
  if (error) logger.warn(told, "The push was broken off.");
  else if (sideError)
    logger.warn({ ...told, code: sideError.code }, "Pushed, but not what was decided about conflicts.");
  else if (traffic.requests > 0) logger.info(told, "Pushed.");
  return { ...counts, error, sideError };
}
