import { noteSettled } from "../restore/last-settled.ts";
import type { PushOptions } from "./push-options.ts";
import type { UnitVerdict } from "./push-unit.ts";
import { lockUnits } from "./queue/fix-units.ts";
import { gatherTakenBack, reviveEditedUnits } from "./queue/gather-anew.ts";
import type { FailedUnit, QueuedUnit } from "./queue/queued-unit.ts";
import { sendUnitAgain } from "./queue/unit-state.ts";
import { emptyPushTally, type PushTally, settleUnit } from "./settle-unit.ts";

/** Draws the consequences of all verdicts of one answer, in one transaction, and adds up what became of the records. */
export async function settleVerdicts(
  units: readonly (QueuedUnit | FailedUnit)[],
  { verdicts, unknown = [] }: { verdicts: ReadonlyMap<string, UnitVerdict>; unknown?: readonly string[] },
  options: PushOptions,
  tally: PushTally,
): Promise<void> {
  const { database, nodeId, parent } = options;
  const settling = { ...options, judgedBy: judgesOf(options) };
  const settled = await database.transaction(async (tx) => {
    const sum = emptyPushTally();
    const takenBack: FailedUnit[] = [];
    let taken: QueuedUnit | undefined;
    const there = await lockUnits(tx, parent, units);
    for (const unit of units) {
      // Another program over the same database has settled it meanwhile, or gathered it anew.
      if (!there.has(unit.operationId)) continue;
      const verdict = verdicts.get(unit.operationId);
      if (verdict && "records" in verdict) taken = unit;
      if (verdict?.kind === "withdrawn") takenBack.push("state" in unit ? unit : asFailed(unit));
      else if (verdict) add(sum, await settleUnit(tx, unit, verdict, settling));
      else if (unknown.includes(unit.operationId)) await sendUnitAgain(tx, parent, unit.counter);
    }
    if (taken) await noteSettled(tx, parent, taken);
    if (takenBack.length > 0) await gatherTakenBack(tx, parent, nodeId, takenBack);
    if (sum.rejected > 0) await reviveEditedUnits(tx, parent, nodeId);
    return sum;
  });
  add(tally, settled);
  options.onVerdicts?.(units, verdicts);
}

/** Names the two programs whose agreement a refusal expresses; `undefined` when the parent does not tell its version. */
export function judgesOf({ connection, programVersion }: PushOptions): string | undefined {
  const { parentVersion } = connection;
  return parentVersion === undefined ? undefined : `${parentVersion} for ${programVersion ?? "unknown"}`;
}

/** A unit that was taken back and sent all the same, by a request that was held up on its way. */
function asFailed(unit: QueuedUnit): FailedUnit {
  return {
    ...unit,
    state: "parked",
    class: "dependency",
    history: unit.history ?? { attempts: 0, firstRefusedAt: null, lastRefusedAt: null, firstCounter: unit.counter },
    reason: "",
    missing: [],
    nextAttemptAt: null,
    judgedBy: null,
    isDiscarded: false,
  };
}

function add(tally: PushTally, more: PushTally): void {
  tally.pushed += more.pushed;
  tally.merged += more.merged;
  tally.conflicts += more.conflicts;
  tally.rejected += more.rejected;
  tally.late += more.late;
}
