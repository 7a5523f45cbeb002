import type { DecidedChange, DecidedFor, Resolution } from "../conflict.ts";

/** What every decision has. */
export interface DecisionHead {
  /** Names it for ever, so that it takes effect once however often it is sent. */
  readonly decisionId: string;
  readonly conflictId: string;
  /** When, by whom and at which node it was made; a hub hands it on as it came. */
  readonly at: number;
  readonly by: string;
  readonly node: string | null;
}

/** What tells one decision about a conflict from another. */
export type DecisionName = Pick<Resolution, "at" | "by">;

/** What somebody decided at a child about a conflict that stands at the parent. */
export type Decision =
  /** The edit has been made already, as an ordinary one: this closes the row. */
  | (DecisionHead & {
      readonly kind: "resolve";
      readonly reason: string;
      readonly choice: DecidedFor;
      /** As in a `Resolution`. */
      readonly change?: DecidedChange | null;
    })
  /** So has the edit that takes an earlier decision back: this opens the row again, if that decision stands in it. */
  | (DecisionHead & { readonly kind: "reopen"; readonly reason: string; readonly undoes: DecisionName })
  | (DecisionHead & { readonly kind: "assign"; readonly assignee: string | null });

/**
 * What the parent did with a decision: `taken` also when it was taken before, or when the row had been decided by then;
 * `unknown` when it has no such conflict for this child; `refused` when the child cannot speak for who decided.
 */
export type DecisionOutcome = "taken" | "unknown" | "refused";
