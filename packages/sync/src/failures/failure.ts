import type { RefusedDecision } from "../conflict/decide/refused-decisions.ts";
import type { FailedPull, FailedPullReason } from "../pull/failed-pulls.ts";
import { recordsOf } from "../push/queue/gather-units.ts";
import type { FailedState, FailedUnit } from "../push/queue/queued-unit.ts";
import { classOfPull, type FailureClass } from "./failure-class.ts";

/**
 * Why something waits. Own changes were refused by the parent, are parked there since they refer to a record that it does
 * not have, or were stepped over since it failed on them; a decision about a conflict was refused by it; everything else
 * is said of records of the parent.
 */
export type FailureReason =
  | FailedPullReason
  | "refused-by-parent"
  | "parked-at-parent"
  | "no-verdict"
  | "decision-refused";

/** Something that could not be taken in or sent. It holds identifiers and codes, and nothing of a record's content. */
export interface Failure {
  /** `pull:Patient/123`, `push:17`, or `decision:` with a UUID; it stays the same however often it is tried again. */
  readonly failureId: string;
  /** What it is: `pull` a record of the parent, `push` a unit of own changes, `decision` one about a conflict. */
  readonly kind: "pull" | "push" | "decision";
  /** The records concerned, `Type/id`. */
  readonly references: readonly string[];
  readonly class: FailureClass;
  readonly reason: FailureReason;
  /** The records, `Type/id`, for which a parked unit waits. */
  readonly missing: readonly string[];
  /** Records of units that wait behind this one, since they have or refer to its records or those of such; the first hundred. */
  readonly dependants: readonly string[];
  readonly attempts: number;
  /** Milliseconds since 1970; `null` where it is not known. */
  readonly firstFailedAt: number | null;
  readonly lastFailedAt: number | null;
  /** `null` when it is tried again in the next round, or, refused by the parent, not before one of its records is edited. */
  readonly nextAttemptAt: number | null;
  /** What the parent said of a refused unit: a sentence with identifiers and codes. */
  readonly detail: string | null;
}

/** A failure without what waits behind it, which takes a look through the whole queue. */
export type FailureAlone = Omit<Failure, "dependants">;

/** What a failure's name leads to. */
export type FailureName =
  | { readonly kind: "pull"; readonly type: string; readonly id: string }
  | { readonly kind: "push"; readonly firstCounter: number }
  | { readonly kind: "decision"; readonly decisionId: string };

/** Reads a name as a user typed it; `undefined` when it is none. */
export function parseFailureId(text: string): FailureName | undefined {
  const pull = /^pull:([A-Za-z]{1,64})\/([A-Za-z0-9.-]{1,64})$/.exec(text);
  if (pull) return { kind: "pull", type: pull[1]!, id: pull[2]! };
  const push = /^push:(\d{1,15})$/.exec(text);
  if (push) return { kind: "push", firstCounter: Number(push[1]) };
  const decision = /^decision:([0-9a-f-]{36})$/.exec(text);
  return decision ? { kind: "decision", decisionId: decision[1]! } : undefined;
}

export function failureOfPull(failed: FailedPull): Failure {
  const reference = `${failed.type}/${failed.id}`;
  return {
    failureId: `pull:${reference}`,
    kind: "pull",
    references: [reference],
    class: classOfPull(failed.reason),
    reason: failed.reason,
    missing: [],
    dependants: [],
    attempts: failed.attempts,
    firstFailedAt: failed.firstFailedAt,
    lastFailedAt: failed.lastFailedAt,
    nextAttemptAt: failed.nextAttemptAt,
    detail: null,
  };
}

const reasonOfState: Readonly<Record<FailedState, FailureReason>> = {
  refused: "refused-by-parent",
  parked: "parked-at-parent",
  "stepped-over": "no-verdict",
};

export function failureOfUnit(unit: FailedUnit): FailureAlone {
  const { changes, history, state, reason, missing, nextAttemptAt } = unit;
  return {
    failureId: `push:${history.firstCounter}`,
    kind: "push",
    references: recordsOf(changes).map(({ type, id }) => `${type}/${id}`),
    class: unit.class,
    reason: reasonOfState[state],
    missing,
    attempts: history.attempts,
    firstFailedAt: history.firstRefusedAt,
    lastFailedAt: history.lastRefusedAt,
    nextAttemptAt,
    detail: unit.class === "too-large" ? "It is too large for one request." : state === "refused" ? reason : null,
  };
}

export function failureOfDecision(refused: RefusedDecision): Failure {
  const { decisionId, conflictId, type, id, kind, by, node, reason, refusedAt } = refused;
  const did = { resolve: "decision", reopen: "undoing", assign: "assignment" }[kind];
  const what = `the ${did} of ${by} at ${node} about the conflict ${conflictId}`;
  return {
    failureId: `decision:${decisionId}`,
    kind: "decision",
    references: [`${type}/${id}`],
    class: "forbidden",
    reason: "decision-refused",
    missing: [],
    dependants: [],
    attempts: 1,
    firstFailedAt: refusedAt,
    lastFailedAt: refusedAt,
    nextAttemptAt: null,
    detail:
      reason === "edit-discarded"
        ? `The edit for ${what} was discarded. Retried, it is told with the next edit of the record.`
        : `The parent does not take ${what} from this node.`,
  };
}
