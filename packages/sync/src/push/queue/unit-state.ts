import { sql, type Transaction } from "@tributary/database";
import type { FailureClass } from "../../failures/failure-class.ts";

const failUnit = sql(`
  update push_units
  set failure_class = $3, rejected_reason = $4, parked_missing = $5, next_attempt_at = $6, judged_by = $7,
    attempts = attempts + 1, first_refused_at = coalesce(first_refused_at, $8), last_refused_at = $8,
    first_counter = coalesce(first_counter, counter)
  where parent = $1 and counter = $2`);
const makeDue = sql("update push_units set next_attempt_at = null where parent = $1 and counter = $2");
const markDiscarded = sql("update push_units set is_discarded = 1 where parent = $1 and counter = $2");
const sendAgain = sql(`
  update push_units set failure_class = null, parked_missing = null, next_attempt_at = null
  where parent = $1 and counter = $2`);
const dropUnit = sql("delete from push_units where parent = $1 and counter = $2");

/** What is kept of a failure. */
export interface UnitFailure {
  readonly class: FailureClass;
  readonly now: number;
  /** Why the parent refused it. */
  readonly reason?: string;
  /** What a parked unit waits for. */
  readonly missing?: readonly string[];
  readonly nextAttemptAt?: number | null;
  readonly judgedBy?: string | null;
}

/** Keeps a unit that failed, with what is known of it; it holds nothing up but edits of its own records. */
export async function keepFailedUnit(
  tx: Transaction,
  parent: string,
  counter: number,
  { class: failureClass, now, reason, missing, nextAttemptAt, judgedBy }: UnitFailure,
): Promise<void> {
  await tx.run(failUnit, [
    parent,
    counter,
    failureClass,
    reason ?? null,
    missing ? JSON.stringify(missing) : null,
    nextAttemptAt ?? null,
    judgedBy ?? null,
    now,
  ]);
}

/** Has a parked unit asked about, or one that was stepped over sent, in the next round. */
export async function makeUnitDue(tx: Transaction, parent: string, counter: number): Promise<void> {
  await tx.run(makeDue, [parent, counter]);
}

/** Gives up a unit that the parent may have: it is taken back there before it is forgotten here. */
export async function discardHeldUnit(tx: Transaction, parent: string, counter: number): Promise<void> {
  await tx.run(markDiscarded, [parent, counter]);
}

/** Has a unit that the parent knows nothing of sent again, under its name. */
export async function sendUnitAgain(tx: Transaction, parent: string, counter: number): Promise<void> {
  await tx.run(sendAgain, [parent, counter]);
}

/** Takes a unit out of the queue. Tells whether it was still there. */
export async function dropQueuedUnit(tx: Transaction, parent: string, counter: number): Promise<boolean> {
  return (await tx.run(dropUnit, [parent, counter])) > 0;
}
