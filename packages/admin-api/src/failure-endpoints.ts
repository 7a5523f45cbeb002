import * as z from "zod";
import { fragment, moment, momentOrNever, nextPage } from "./answers.ts";
import { discardRequest, editRequest } from "./decision-requests.ts";
import type { EndpointTable } from "./endpoint.ts";
import { reason } from "./link-requests.ts";
import { listQuery, order } from "./list-query.ts";

/** The kinds of failures, by what mends them. */
export const failureClasses = ["transient", "dependency", "invalid", "forbidden", "too-large", "unknown-type"] as const;
const failureClass = z.enum(failureClasses);
/** A record of the parent, own changes, or a decision about a conflict of the parent. */
export const failureKinds = ["pull", "push", "decision"] as const;
const failureKind = z.enum(failureKinds);
/** Failures that are named in one request at the most. */
const namedMax = 500;

export const failureAnswer = z.object({
  /** `pull:Patient/123`, `push:17` or `decision:` with a UUID; in a path it is percent-encoded. */
  failureId: z.string(),
  kind: failureKind,
  references: z.array(z.string()),
  class: failureClass,
  reason: z.string(),
  missing: z.array(z.string()),
  dependants: z.array(z.string()),
  attempts: z.number().int(),
  firstFailedAt: momentOrNever,
  lastFailedAt: momentOrNever,
  nextAttemptAt: momentOrNever,
});

export const failureDetail = failureAnswer.extend({
  /** What the parent said of it; for roles that may see people. */
  detail: z.string().nullable(),
  /** What the trail tells of its attempts and of what was done about it, the latest first. */
  log: z.array(
    z.object({
      at: moment,
      actor: z.string(),
      operation: z.string(),
      outcome: z.string(),
      error: z.string().nullable(),
    }),
  ),
  /** The records as they stand here; `null` for a role that may not see people. */
  records: z
    .array(z.object({ reference: z.string(), version: z.number().int(), body: fragment.nullable() }))
    .nullable(),
  /** Those of its records that are not here at all. */
  absent: z.array(z.string()),
});

const listFailures = listQuery.extend({
  class: failureClass.optional(),
  kind: failureKind.optional(),
  /** A part of a reference, `Patient/12`. */
  q: z.string().max(200).optional(),
  /** `place`: first the parent's records by name, then own units by number, then decisions. What has no time comes last. */
  sort: z.enum(["place", "class", "attempts", "firstFailedAt", "lastFailedAt", "nextAttemptAt"]).default("place"),
  order: order.default("asc"),
});

/** What could not be sent or taken in. */
export const failureEndpoints = {
  "GET /failures": {
    right: "watch",
    summary:
      "What could not be sent or taken in, sorted; first the parent's records, then own units, when nothing is said.",
    query: listFailures,
    answer: z.object({ failures: z.array(failureAnswer), next: nextPage, total: z.number().int() }),
  },
  "GET /failures/counts": {
    right: "watch",
    summary: "How many failures there are, by class and by kind.",
    answer: z.object({
      total: z.number().int(),
      byClass: z.record(failureClass, z.number().int()),
      byKind: z.record(failureKind, z.number().int()),
    }),
  },
  "GET /failures/:id": { right: "watch", summary: "One failure, with its log.", answer: failureDetail },
  "POST /failures/:id/retry": {
    right: "operate",
    summary: "Has one tried again now.",
    answer: z.object({ retried: z.string() }),
  },
  "POST /failures/:id/edit": {
    right: "review",
    summary: "Edits one record of an own unit that failed, and has the unit sent again with it.",
    body: editRequest,
    answer: z.object({ edited: z.string(), reference: z.string(), version: z.number().int() }),
  },
  "POST /failures/:id/discard": {
    right: "operate",
    summary: "Gives one up.",
    body: discardRequest,
    answer: z.object({ discarded: z.string(), references: z.array(z.string()) }),
  },
  "POST /failures/retry": {
    right: "operate",
    summary: "Has several tried again: those named, those of a class, or all.",
    body: z.strictObject({
      class: failureClass.optional(),
      ids: z.array(z.string().max(200)).min(1).max(namedMax).optional(),
    }),
    answer: z.object({ retried: z.number().int() }),
  },
  "POST /failures/discard": {
    right: "operate",
    summary: "Gives several up: those named, those of a class, or all when that is said.",
    body: z.strictObject({
      all: z.literal(true).optional(),
      class: failureClass.optional(),
      ids: z.array(z.string().max(200)).min(1).max(namedMax).optional(),
      reason,
    }),
    answer: z.object({ discarded: z.number().int() }),
  },
} as const satisfies EndpointTable;

/** Something that could not be sent or taken in, as a list tells it. */
export type FailureAnswer = z.output<typeof failureAnswer>;
/** The same with its records, for who may see people. */
export type FailureDetail = z.output<typeof failureDetail>;
