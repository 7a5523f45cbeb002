import { askVerdicts } from "./ask-verdicts.ts";
import type { PushOptions } from "./push-options.ts";
import { unitsToAskAbout, unitsToTakeBack } from "./questions.ts";
import { readHeldUnits, readQueuedUnits } from "./queue/read-units.ts";
import type { PushTally } from "./settle-unit.ts";
import { settleVerdicts } from "./settle-verdicts.ts";

/**
 * Takes units back from the parent that are to be sent anew or were given up. One that has taken effect there meanwhile
 * is settled as taken; only when the parent has answered can what follows it be sent.
 */
export async function takeBack(options: PushOptions, tally: PushTally, signal: AbortSignal): Promise<void> {
  const { database, parent } = options;
  for (;;) {
    const held = await readHeldUnits(database, parent);
    if (held.length === 0) return;
    const unsent = await readQueuedUnits(database, parent, Number.MAX_SAFE_INTEGER);
    const units = unitsToTakeBack(held, unsent);
    if (units.length === 0) return;
    const withdraw = units.map(({ operationId }) => operationId);
    const answer = await askVerdicts({ units: [], ask: [], withdraw }, options, signal);
    await settleVerdicts(units, answer, options, tally);
    if (!units.some(({ operationId }) => answer.verdicts.has(operationId))) return;
  }
}

/** Asks for the verdicts on parked units, but for those that were parked in this very round. */
export async function askAboutParked(
  options: PushOptions,
  parkedNow: ReadonlySet<string>,
  tally: PushTally,
  signal: AbortSignal,
): Promise<void> {
  const { database, parent, clock } = options;
  const held = await readHeldUnits(database, parent);
  const earlier = held.filter(({ operationId }) => !parkedNow.has(operationId));
  const units = unitsToAskAbout(earlier, clock.now());
  if (units.length === 0) return;
  const ask = units.map(({ operationId }) => operationId);
  await settleVerdicts(units, await askVerdicts({ units: [], ask, withdraw: [] }, options, signal), options, tally);
}
