import { type Database, isDatabaseTrouble, type Reader } from "@tributary/database";
import type { JudgeOptions } from "./judge-options.ts";
import { judgeParked } from "./judge-parked.ts";
import { judgeTogether } from "./judge-together.ts";
import { stillLacking } from "./lacked-by-parked.ts";
import { findParkedCircles } from "./parked-circles.ts";
import { findUnitsWaitingFor, readMissingRecords, readWaitsOf, takeUpParkedUnit } from "./parked-units.ts";
import type { UnitVerdict } from "./push-unit.ts";
import { whichAreKnown } from "./unborn-records.ts";

/** Missing records looked up in one step of a search through all that is parked. */
const recordsPerStep = 1_000;
/** Units from which circles are sought in one step; a child asks about all that it has parked at once. */
const circlesPerStep = 50;

/** What may have ended the waiting of parked units. */
export interface Arrival {
  /** Records that have been taken in, `Type/id`. */
  readonly arrived?: Iterable<string>;
  /** Units that are to be looked at in any case. */
  readonly operations?: readonly string[];
}

/**
 * Judges parked units whose missing records are there now, and then those that waited for what they brought. Each is
 * judged in a transaction of its own, as if it had just come, and its new verdict takes the place of the old one. Those
 * of `operations` that wait for other parked units, and these for them, are judged together.
 *
 * Nothing remembers that a unit is due: it is due because what it waits for is there, so a release that is cut off at any
 * point is made up for by the next. Returns the verdicts that were given, by operation.
 */
export async function releaseParkedUnits(
  database: Database,
  options: JudgeOptions,
  { arrived = [], operations = [] }: Arrival,
): Promise<Map<string, UnitVerdict>> {
  const given = new Map<string, UnitVerdict>();
  const note = (verdicts: ReadonlyMap<string, UnitVerdict>): string[] => {
    for (const [operationId, verdict] of verdicts) given.set(operationId, verdict);
    return [...verdicts.values()].flatMap((verdict) =>
      "records" in verdict ? verdict.records.map(({ type, id }) => `${type}/${id}`) : [],
    );
  };
  const releaseDue = async (first: readonly string[]): Promise<void> => {
    for (let candidates = new Set(first); candidates.size > 0; ) {
      const taken: string[] = [];
      for (const operationId of await whichAreDue(database, [...candidates])) {
        const verdict = await judgeAgain(database, operationId, options);
        if (verdict) taken.push(...note(new Map([[operationId, verdict]])));
      }
      candidates = new Set(await waitingFor(database, taken));
    }
  };
  await releaseDue([...operations, ...(await waitingFor(database, arrived))]);
  for (let at = 0; at < operations.length; at += circlesPerStep) {
    for (const circle of await findParkedCircles(database, operations.slice(at, at + circlesPerStep))) {
      const taken = note(await judgeTogether(database, circle, options));
      await releaseDue(await waitingFor(database, taken));
    }
  }
  return given;
}

/** Looks through all that is parked for units whose missing records have come, by whatever way. Tells how many were judged. */
export async function releaseAllDue(database: Database, options: JudgeOptions, signal: AbortSignal): Promise<number> {
  let judged = 0;
  let after: { readonly type: string; readonly id: string } | undefined;
  for (;;) {
    const missing = await readMissingRecords(database, after, recordsPerStep);
    const arrived = await whichAreKnown(database, missing);
    if (arrived.size > 0) judged += (await releaseParkedUnits(database, options, { arrived })).size;
    after = missing.at(-1);
    if (missing.length < recordsPerStep || signal.aborted) return judged;
  }
}

async function waitingFor(reader: Reader, arrived: Iterable<string>): Promise<string[]> {
  const names = [...arrived];
  return names.length === 0 ? [] : findUnitsWaitingFor(reader, names);
}

/** Those of some units all of whose missing records are there for the child that sent them; their order is kept. */
async function whichAreDue(reader: Reader, operationIds: readonly string[]): Promise<string[]> {
  const waits = await readWaitsOf(reader, operationIds);
  const waiting = new Set((await stillLacking(reader, waits)).map(({ operationId }) => operationId));
  const parked = new Set(waits.map(({ operationId }) => operationId));
  return operationIds.filter((operationId) => parked.has(operationId) && !waiting.has(operationId));
}

async function judgeAgain(
  database: Database,
  operationId: string,
  options: JudgeOptions,
): Promise<UnitVerdict | undefined> {
  try {
    return await database.transaction(async (tx) => {
      const parked = await takeUpParkedUnit(tx, operationId);
      return parked && judgeParked(tx, parked, options);
    });
  } catch (error) {
    if (isDatabaseTrouble(error)) throw error;
    // A unit that cannot be judged stays parked and is seen at the child; it must not fail the request of another.
    return undefined;
  }
}
