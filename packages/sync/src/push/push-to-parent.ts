import { newUuid } from "@tributary/kernel";
import { refuseUnfinishedOffer } from "../restore/unfinished-offer.ts";
import { askAboutParked, takeBack } from "./ask-about-held.ts";
import { forgetOvertaken } from "./forget-overtaken.ts";
import type { PushOptions } from "./push-options.ts";
import { queueOwnChanges } from "./queue/queue-own-changes.ts";
import { reviveAfterUpgrade } from "./revive-after-upgrade.ts";
import { sendQueue } from "./send-queue.ts";
import { sendSteppedOver } from "./send-stepped-over.ts";
import type { PushTally } from "./settle-unit.ts";

/**
 * Sends all that was changed here and that the parent has no verdict on, oldest first, until the queue is empty.
 *
 * 1. Own changes behind the push marker become units in the queue, and refused ones that an upgrade may have helped; refused
 *    ones that are settled by now leave it.
 * 2. Units that were parked or stepped over and have been edited or given up since are taken back from the parent.
 * 3. The queue is sent, request by request; what fails a whole request alone is stepped over.
 * 4. What was stepped over in an earlier round and is due is sent again, by itself.
 * 5. The parent is asked about the units that it has parked.
 *
 * It can be broken off anywhere: a unit without a verdict is sent again under its name and takes effect once. Throws what
 * the line throws, and `EPOCH_CHANGED` while what a restored parent has lost is only queued in part; the tally tells what was
 * settled until then.
 */
export async function pushToParent(options: PushOptions, tally: PushTally, signal: AbortSignal): Promise<void> {
  const { database, nodeId, parent, clock, random } = options;
  await refuseUnfinishedOffer(database, parent);
  await queueOwnChanges(database, parent, nodeId, () => newUuid(clock, random).slice(-12));
  await forgetOvertaken(options);
  await reviveAfterUpgrade(options);
  await takeBack(options, tally, signal);
  const parkedNow = await sendQueue(options, tally, signal);
  await sendSteppedOver(options, tally, signal);
  await askAboutParked(options, parkedNow, tally, signal);
}
