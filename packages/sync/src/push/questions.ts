import { connectedGroups } from "./connected-groups.ts";
import { pushQuestionsMax } from "./push-batch.ts";
import { referencesAmong } from "./queue/gather-units.ts";
import type { FailedState, FailedUnit, QueuedUnit } from "./queue/queued-unit.ts";

/**
 * Which units are to be taken back from the parent before anything else is sent, at most as many as one request bears:
 *
 * - what somebody has given up;
 * - what has a record that was edited since, so that both go as one and the edit does not overtake it;
 * - what is parked in a circle with other units, since none of them could ever be taken first.
 */
export function unitsToTakeBack(held: readonly FailedUnit[], unsent: readonly QueuedUnit[]): FailedUnit[] {
  const edited = new Set(unsent.flatMap(({ changes }) => changes.map(({ type, id }) => `${type}/${id}`)));
  const all = [...held, ...unsent];
  const groups = connectedGroups(referencesAmong(all.map(({ changes }) => changes)));
  const inCircle = new Set(groups.filter((group) => group.length > 1).flat());
  const chosen = held.filter(
    ({ isDiscarded, changes }, at) =>
      isDiscarded || inCircle.has(at) || changes.some(({ type, id }) => edited.has(`${type}/${id}`)),
  );
  return chosen.slice(0, pushQuestionsMax);
}

/** Which parked units are to be asked about now, at most as many as one request bears. */
export function unitsToAskAbout(held: readonly FailedUnit[], now: number): FailedUnit[] {
  return dueUnits(held, "parked", now).slice(0, pushQuestionsMax);
}

/** Held units of one kind that are to be tried now, first what has waited longest since it was last tried. */
export function dueUnits(held: readonly FailedUnit[], state: FailedState, now: number): FailedUnit[] {
  const triedAt = ({ history }: FailedUnit): number => history.lastRefusedAt ?? 0;
  return held
    .filter((unit) => unit.state === state && isDue(unit, now))
    .toSorted((one, other) => triedAt(one) - triedAt(other));
}

/** Whether a held unit is to be tried now. One that failed in the future failed under a clock that was set back since. */
function isDue({ isDiscarded, nextAttemptAt, history }: FailedUnit, now: number): boolean {
  return !isDiscarded && ((nextAttemptAt ?? 0) <= now || (history.lastRefusedAt ?? 0) > now);
}
