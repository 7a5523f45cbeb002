import type { JsonObject } from "@tributary/fhir";
import type { ContestedElement } from "./merge/contested-element.ts";

/**
 * Where a conflict stands: waiting for somebody, decided by somebody, overtaken by the decision of a younger conflict, or
 * decided by a rule.
 */
export type ConflictState = "open" | "resolved" | "superseded" | "settled";

/** What was decided for: a side's value, what the record said by then, or a value that somebody typed. */
export type DecidedFor = "parent" | "child" | "current" | "value";

/** What a decision changed in the record: fragments of the contested element; `null` for nothing. */
export interface DecidedChange {
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

/** How a conflict was decided by somebody. */
export interface Resolution {
  readonly at: number;
  /** The user on whose behalf it happened. */
  readonly by: string;
  /** The node at which it happened; `null` when it was not noted. */
  readonly node: string | null;
  readonly reason: string;
  readonly choice: DecidedFor;
  /** The version of the record that says what was decided, at the node that tells of it. */
  readonly version: number;
  /** `null` when the record said already what was decided; absent when it was not kept. */
  readonly change?: DecidedChange | null;
}

/** How a decision was taken back, and which one it was. */
export interface UndoneDecision {
  readonly at: number;
  readonly by: string;
  readonly node: string | null;
  readonly reason: string;
  readonly decidedAt: number;
  readonly decidedBy: string;
  readonly choice: DecidedFor;
}

/** One contested element of one record, with all that is needed to decide about it. */
export interface Conflict {
  readonly conflictId: string;
  readonly type: string;
  readonly id: string;
  /** The version in which the merge shows a value of the element, at the node that merged. */
  readonly version: number;
  readonly element: ContestedElement;
  /** The node whose push met another change, and its operation. */
  readonly theirNode: string;
  readonly operationId: string;
  readonly state: ConflictState;
  readonly openedAt: number;
  /** Who is to decide, when somebody has said so. */
  readonly assignee: string | null;
  /** There once somebody has decided. */
  readonly resolution?: Resolution;
  /** The last decision that somebody took back. */
  readonly undone?: UndoneDecision;
  /** The younger conflict whose decision overtook this one. */
  readonly supersededBy: string | null;
  /** The merge that left it, under which the three whole bodies are found; `null` when they were not kept. */
  readonly meetingId: string | null;
  /** The parent that told of it; `null` when it stands where it was opened. */
  readonly link: string | null;
  /** Counts the changes of this row here, from 1. */
  readonly revision: number;
  /** The parent's count, when it was last told. */
  readonly linkRevision: number | null;
}

/** What a merge tells of an element that it leaves contested; the rest of a row is its beginning. */
export type NewConflict = Pick<
  Conflict,
  "conflictId" | "type" | "id" | "version" | "element" | "theirNode" | "operationId" | "openedAt" | "meetingId"
>;
