import { isDatabaseTrouble } from "@tributary/database";
import { TributaryError } from "@tributary/kernel";
import { askVerdicts } from "./ask-verdicts.ts";
import { packUnits } from "./pack-units.ts";
import type { PushOptions } from "./push-options.ts";
import { dueUnits } from "./questions.ts";
import { readHeldUnits } from "./queue/read-units.ts";
import { mayLieInTheRequest } from "./request-fault.ts";
import type { PushTally } from "./settle-unit.ts";
import { settleVerdicts } from "./settle-verdicts.ts";
import { stepOver } from "./step-over.ts";
import { strikeGone } from "./strike-gone.ts";

/** Units tried again in one round, each in a request of its own. */
const retriesPerRound = 3;

/**
 * Sends the units again that were stepped over and are due, each by itself, so that none fails with another. One on which
 * the parent fails again waits longer; trouble of the line is thrown.
 */
export async function sendSteppedOver(options: PushOptions, tally: PushTally, signal: AbortSignal): Promise<void> {
  const { database, store, parent, clock } = options;
  const held = await readHeldUnits(database, parent);
  const due = dueUnits(held, "stepped-over", clock.now());
  for (const queued of due.slice(0, retriesPerRound)) {
    signal.throwIfAborted();
    const packed = await database.snapshot((reader) => packUnits(reader, store, parent, [queued], 0));
    if ((await strikeGone(packed, options)).length === 0) continue;
    const batch = { units: packed.map(({ unit }) => unit), ask: [], withdraw: [] };
    try {
      await settleVerdicts([queued], await askVerdicts(batch, options, signal), options, tally);
    } catch (error) {
      if (isDatabaseTrouble(error) || !(error instanceof TributaryError) || signal.aborted) throw error;
      const isTooLarge = error.code === "PAYLOAD_TOO_LARGE";
      if (!isTooLarge && !mayLieInTheRequest(error)) throw error;
      await askVerdicts({ units: [], ask: [], withdraw: [] }, options, signal);
      await stepOver(queued, isTooLarge ? "too-large" : "transient", options);
    }
  }
}
