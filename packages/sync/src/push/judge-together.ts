import { type Database, isDatabaseTrouble } from "@tributary/database";
import type { JudgeOptions } from "./judge-options.ts";
import { judgeParked } from "./judge-parked.ts";
import { stillLacking } from "./lacked-by-parked.ts";
import { counterOf } from "./operation-name.ts";
import { broughtBy, type ParkedUnit, readWaitsOf, takeUpParkedUnit } from "./parked-units.ts";
import type { UnitVerdict } from "./push-unit.ts";

/** Says that units cannot be taken together after all; nothing of them has been. */
class NotTogether extends Error {}

/**
 * Takes parked units that wait for each other in one transaction, so that nobody sees one without what it refers to. All are
 * taken or none: each must be valid, and what it waited for must be there for its child in the end. Returns the verdicts
 * by operation; none when they stay parked.
 */
export async function judgeTogether(
  database: Database,
  operationIds: readonly string[],
  options: JudgeOptions,
): Promise<ReadonlyMap<string, UnitVerdict>> {
  try {
    return await database.transaction(async (tx) => {
      const waits = await readWaitsOf(tx, operationIds);
      const parked: ParkedUnit[] = [];
      // In one order for everybody, since each is locked.
      for (const operationId of operationIds.toSorted()) {
        const one = await takeUpParkedUnit(tx, operationId);
        if (!one) throw new NotTogether();
        parked.push(one);
      }
      const arriving = new Set(parked.flatMap(({ unit }) => broughtBy(unit)));
      const given = new Map<string, UnitVerdict>();
      for (const one of parked.toSorted(inOrderOfOperations)) {
        const verdict = await judgeParked(tx, one, { ...options, arriving });
        if (!("records" in verdict)) throw new NotTogether();
        given.set(one.unit.operationId, verdict);
      }
      if ((await stillLacking(tx, waits)).length > 0) throw new NotTogether();
      return given;
    });
  } catch (error) {
    if (isDatabaseTrouble(error)) throw error;
    // What cannot be judged stays parked and is seen at its child; it must not fail the request of another.
    return new Map();
  }
}

function inOrderOfOperations(one: ParkedUnit, other: ParkedUnit): number {
  return counterOf(one.unit.operationId) - counterOf(other.unit.operationId);
}
