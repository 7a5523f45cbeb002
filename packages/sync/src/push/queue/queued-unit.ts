import type { FailureClass } from "../../failures/failure-class.ts";
import type { GatheredUnit } from "./gather-units.ts";
import type { RefusalHistory } from "./refusal-history.ts";

/** A unit that waits for its verdict. */
export interface QueuedUnit {
  readonly counter: number;
  readonly operationId: string;
  readonly changes: GatheredUnit;
  /** Once it may have been sent, its content is fixed: the parent may have taken it. */
  readonly isSent: boolean;
  /** What is known of its failures, when it is tried again after one. */
  readonly history: RefusalHistory | undefined;
}

/** How a unit that failed stands: refused by the parent, parked there, or stepped over since the parent gave no verdict. */
export type FailedState = "refused" | "parked" | "stepped-over";

/** A unit that failed, and waits. */
export interface FailedUnit extends QueuedUnit {
  readonly state: FailedState;
  readonly class: FailureClass;
  readonly history: RefusalHistory;
  /** Why the parent refused it; empty when it did not. */
  readonly reason: string;
  /** The records, `Type/id`, for which a parked unit waits. */
  readonly missing: readonly string[];
  /** When it is asked about, or sent, again; `null` for the next round, or never when it was refused. */
  readonly nextAttemptAt: number | null;
  /** The two programs' versions by which it was refused. */
  readonly judgedBy: string | null;
  /** Somebody has given it up; it is only still to be taken back from the parent. */
  readonly isDiscarded: boolean;
}

/** A row of `push_units`. */
export interface QueueRow {
  readonly counter: number;
  readonly operation_id: string;
  readonly changes: string;
  readonly is_sent: 0 | 1;
  readonly rejected_reason: string | null;
  readonly attempts: number;
  readonly first_refused_at: number | null;
  readonly last_refused_at: number | null;
  readonly first_counter: number | null;
  readonly parked_missing: string | null;
  readonly next_attempt_at: number | null;
  readonly failure_class: string | null;
  readonly judged_by: string | null;
  readonly is_discarded: 0 | 1;
}

/** The columns of such a row, for every statement that reads units. */
export const unitColumns = `counter, operation_id, changes, is_sent, rejected_reason, attempts, first_refused_at, last_refused_at,
  first_counter, parked_missing, next_attempt_at, failure_class, judged_by, is_discarded`;

/** What a row says of a unit that has not failed. */
export function unitOf(row: QueueRow): QueuedUnit {
  return {
    counter: row.counter,
    operationId: row.operation_id,
    changes: JSON.parse(row.changes) as GatheredUnit,
    isSent: row.is_sent === 1,
    history: row.attempts > 0 ? refusalsOf(row) : undefined,
  };
}

/** What a row says of a unit that failed. */
export function failedUnitOf(row: QueueRow): FailedUnit {
  return {
    ...unitOf(row),
    state: row.rejected_reason !== null ? "refused" : row.parked_missing !== null ? "parked" : "stepped-over",
    class: (row.failure_class ?? "invalid") as FailureClass,
    history: refusalsOf(row),
    reason: row.rejected_reason ?? "",
    missing: JSON.parse(row.parked_missing ?? "[]") as string[],
    nextAttemptAt: row.next_attempt_at,
    judgedBy: row.judged_by,
    isDiscarded: row.is_discarded === 1,
  };
}

function refusalsOf(row: QueueRow): RefusalHistory {
  return {
    attempts: row.attempts,
    firstRefusedAt: row.first_refused_at,
    lastRefusedAt: row.last_refused_at,
    firstCounter: row.first_counter ?? row.counter,
  };
}
