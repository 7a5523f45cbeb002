import * as z from "zod";
import { elementChange, fragment, moment, momentOrNever, nextPage, pageOf } from "./answers.ts";
import { previewRequest, resolveManyRequest, resolveRequest, undoRequest } from "./decision-requests.ts";
import type { EndpointTable } from "./endpoint.ts";
import { listQuery, order, sortedListQuery } from "./list-query.ts";
import { role } from "./session-endpoints.ts";

const conflictState = z.enum(["open", "resolved", "superseded", "settled"]);
/** Characters of a person's or a group's name. */
const assigneeLengthMax = 200;

/** What both sides changed; the values are left out for a role that may not see people. */
export const contestedElement = z.object({
  path: z.string(),
  elements: z.array(z.string()),
  because: z.string(),
  base: fragment.optional(),
  /** `mine` is the parent's value, `theirs` the child's. */
  mine: fragment.optional(),
  theirs: fragment.optional(),
  shown: z.enum(["mine", "theirs", "both", "other"]),
  settledBy: z.string().optional(),
});

const choice = z.enum(["parent", "child", "current", "value"]);

export const conflictAnswer = z.object({
  conflictId: z.string(),
  type: z.string(),
  id: z.string(),
  version: z.number().int(),
  element: contestedElement,
  theirNode: z.string(),
  operationId: z.string(),
  state: conflictState,
  openedAt: moment,
  assignee: z.string().nullable(),
  resolution: z
    .object({
      at: moment,
      by: z.string(),
      node: z.string().nullable(),
      reason: z.string(),
      choice,
      version: z.number().int(),
      /** What it changed in the record, for roles that may see people; `null` when the record said that already. */
      change: z.object({ before: fragment.nullable(), after: fragment.nullable() }).nullable().optional(),
    })
    .optional(),
  /** The last decision that was taken back, by whom and why. */
  undone: z
    .object({
      at: moment,
      by: z.string(),
      node: z.string().nullable(),
      reason: z.string(),
      decidedAt: moment,
      decidedBy: z.string(),
      choice,
    })
    .optional(),
  supersededBy: z.string().nullable(),
  meetingId: z.string().nullable(),
  link: z.string().nullable(),
});

const hand = z.object({
  node: z.string(),
  author: z.string().nullable(),
  version: z.number().int().nullable(),
  at: momentOrNever,
});

/** What the parent did not take of what was decided here; `failureId`, `decision:…`, names it where it can be retried. */
const refusedDecision = z.object({
  failureId: z.string(),
  conflictId: z.string(),
  by: z.string(),
  at: moment,
  reason: z.string(),
});

export const conflictDetail = z.object({
  conflict: conflictAnswer,
  /** Who wrote each side; `null` when it was not kept. */
  parent: hand.nullable(),
  child: hand.nullable(),
  /** Whole bodies, and how the record stands now; `null` for a deletion, for what was not kept, and for a role that may not see people. */
  bodies: z.object({
    base: fragment.nullable(),
    parent: fragment.nullable(),
    child: fragment.nullable(),
    current: fragment.nullable(),
  }),
  currentVersion: z.number().int().nullable(),
  /** Whether values were left out because of the caller's role. */
  isWithheld: z.boolean(),
  /** The record's other open conflicts. */
  siblings: z.array(z.string()),
  refusedDecisions: z.array(refusedDecision),
});

/** Somebody to whom a conflict can be assigned. */
export const reviewerAnswer = z.object({
  name: z.string(),
  /** `null` for who is no user of this node, and has open conflicts all the same: a group, or somebody at another node. */
  role: role.nullable(),
  /** Open conflicts that are assigned to them. */
  open: z.number().int(),
});

/** What a record would become, or why it cannot become that. */
export const conflictPreview = z.object({
  outcome: z.enum(["edit", "deletion", "no-change", "invalid", "element-gone", "record-absent", "already-resolved"]),
  /** The whole record as it would be; `null` when it would be deleted, or nothing would come of it. */
  body: fragment.nullable(),
  /** What would be another value than now. */
  changes: z.array(elementChange),
  /** What is wrong with it, when it is `invalid`; also that the record is not this node's to write. */
  issues: z.array(
    z.object({
      severity: z.string(),
      /** As in https://hl7.org/fhir/R4/valueset-issue-type.html; nodes of earlier versions tell none. */
      code: z.string().optional(),
      diagnostics: z.string(),
      expression: z.string().nullable(),
    }),
  ),
});

/** What waits for somebody's decision, and what was decided. */
export const conflictEndpoints = {
  "GET /conflicts": {
    right: "watch",
    summary: "Conflicts of one state, sorted; open ones, the oldest first, when nothing is said.",
    query: listQuery.extend({
      state: conflictState.default("open"),
      type: z.string().max(64).optional(),
      /** A name, or `-` for those of nobody. */
      assignee: z.string().max(assigneeLengthMax).optional(),
      /** A part of a reference, `Patient/12`, or of the element. */
      q: z.string().max(200).optional(),
      /** By `reference`, `Patient/12`, letter by letter; those of nobody stand as `-`, and what nobody decided before all. */
      sort: z.enum(["openedAt", "resolvedAt", "assignee", "reference"]).default("openedAt"),
      order: order.default("asc"),
    }),
    answer: z.object({
      conflicts: z.array(conflictAnswer.extend({ ageMs: z.number().int() })),
      next: nextPage,
      /** Decisions made here of which the parent has not taken note yet. */
      queuedDecisions: z.number().int(),
      /** The latest of those that it refused, about whichever conflict. */
      refusedDecisions: z.array(refusedDecision),
    }),
  },
  "GET /conflicts/counts": {
    right: "watch",
    summary: "How many conflicts there are, by element, and how long decisions took.",
    answer: z.object({
      items: z.array(
        z.object({
          type: z.string(),
          element: z.string(),
          open: z.number().int(),
          resolved: z.number().int(),
          superseded: z.number().int(),
          settled: z.number().int(),
          medianMs: z.number().nullable(),
        }),
      ),
    }),
  },
  "GET /conflicts/:id": {
    right: "watch",
    summary: "One conflict, with both sides and both hands.",
    answer: conflictDetail,
  },
  "POST /conflicts/:id/resolve": {
    right: "review",
    summary: "Decides one conflict.",
    body: resolveRequest,
    answer: z.object({
      kind: z.enum(["resolved", "already-resolved"]),
      /** Whether the record was edited. */
      isChanged: z.boolean(),
      conflict: conflictAnswer,
    }),
  },
  "POST /conflicts/resolve": {
    right: "review",
    summary:
      "Decides many open conflicts in one way, each by itself, the younger first; or tells what would come of it.",
    body: resolveManyRequest,
    answer: z.object({
      items: z.array(
        z.object({
          outcome: z.enum([
            "resolved",
            "already-resolved",
            "invalid",
            "foreign",
            "element-gone",
            "record-absent",
            "reason-refused",
            "unknown",
          ]),
          /** Whether the record was edited, or would be. */
          isChanged: z.boolean(),
          conflict: conflictAnswer,
        }),
      ),
      /** Whether so many were decided that there may be more. */
      isCut: z.boolean(),
    }),
  },
  "POST /conflicts/:id/preview": {
    right: "review",
    summary: "Tells what the record would become by a decision, and whether that is valid; nothing is changed.",
    body: previewRequest,
    answer: conflictPreview,
  },
  "POST /conflicts/:id/undo": {
    right: "review",
    summary:
      "Takes a decision back: the record says again what it said before, and the conflict is open. When somebody has edited the element since, only with keepValue, which leaves the record as it is.",
    body: undoRequest,
    answer: z.object({
      kind: z.enum(["undone", "already-open"]),
      /** Whether the record was edited. */
      isChanged: z.boolean(),
      conflict: conflictAnswer,
    }),
  },
  "GET /conflicts/reviewers": {
    right: "review",
    summary: "A page of those to whom a conflict can be assigned, and how many open ones each has.",
    query: sortedListQuery(["name", "role", "open"]),
    answer: pageOf(reviewerAnswer),
  },
  "POST /conflicts/:id/assign": {
    right: "review",
    summary: "Says who is to decide, one of the reviewers; `null` takes that back.",
    body: z.strictObject({
      assignee: z.string().min(1).max(assigneeLengthMax).nullable(),
      /** Assigns it to who is not among the reviewers: a group, or somebody at another node. */
      unlisted: z.boolean().default(false),
    }),
    answer: z.object({ kind: z.enum(["assigned", "unchanged"]), conflict: conflictAnswer }),
  },
} as const satisfies EndpointTable;

/** A conflict in the list; its values only for who may see people. */
export type ConflictAnswer = z.output<typeof conflictAnswer>;
/** What a record would become by a decision, and what would be wrong with it. */
export type ConflictPreview = z.output<typeof conflictPreview>;
/** Somebody to whom a conflict can be assigned. */
export type ReviewerAnswer = z.output<typeof reviewerAnswer>;
/** A conflict with its history and the bodies that met. */
export type ConflictDetail = z.output<typeof conflictDetail>;
/** An element that two nodes changed differently, with the values of both and what both began from. */
export type ContestedElement = z.output<typeof contestedElement>;
