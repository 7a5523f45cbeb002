import * as z from "zod";
import { elementChange } from "./answers.ts";
import { contestedElement } from "./conflict-endpoints.ts";
import type { EndpointTable } from "./endpoint.ts";
import { pauseRequest, resumeRequest, roundRequest } from "./link-requests.ts";
import { pauseAnswer } from "./network-endpoints.ts";
import { syncRecordsRequest } from "./sync-records-request.ts";

const trouble = z.looseObject({ code: z.string(), message: z.string() }).optional();
const forecast = z.object({
  records: z.number(),
  size: z.number(),
  byType: z.record(z.string(), z.object({ records: z.number(), size: z.number() })),
  heldBack: z.record(z.string(), z.number()),
});
/** What a round came to; a dry run answers a forecast instead. */
const report = z.looseObject({
  status: z.enum(["complete", "partial", "interrupted", "refused"]),
  parent: z.string(),
  tookMs: z.number(),
  requests: z.number(),
  bytesUp: z.number(),
  bytesDown: z.number(),
  error: trouble,
});
const pullReport = report.extend({
  /** Records: written here, alike already, and those that could not be taken in. */
  applied: z.number(),
  unchanged: z.number(),
  failed: z.number(),
  /** Records that wait, those of earlier pulls included, and those whose type is not pulled by itself. */
  waiting: z.number(),
  heldBack: z.number(),
});
const pushReport = report.extend({
  /** Records: taken, merged, taken though their patient is not this node's any more, and refused. */
  pushed: z.number(),
  merged: z.number(),
  late: z.number(),
  rejected: z.number(),
  conflicts: z.number(),
  /** Units: without a verdict, refused, waiting at the parent, stepped over, and held back by their types. */
  queued: z.number(),
  refused: z.number(),
  parked: z.number(),
  delayed: z.number(),
  heldBack: z.number(),
  /** Decisions about conflicts that the parent has not taken. */
  decisions: z.number(),
  /** What was told of the audit trail behind it. */
  audit: report.extend({ told: z.number(), broken: z.number() }).optional(),
});
const effect = z.enum(["created", "updated", "deleted", "unchanged"]);

/** What would happen to one record; values are empty for a role that may not see people. */
export const recordPreview = z.object({
  type: z.string(),
  id: z.string(),
  here: effect,
  there: effect,
  changesHere: z.array(elementChange),
  changesThere: z.array(elementChange),
  conflicts: z.array(contestedElement),
  waits: z.enum(["edited-here", "not-found"]).nullable(),
});
export const manualReport = z.object({
  operationId: z.string(),
  parent: z.string(),
  status: z.string(),
  results: z.array(
    z.object({
      type: z.string(),
      id: z.string(),
      direction: z.enum(["push", "pull"]),
      outcome: z.string(),
      conflicts: z.number(),
      reason: z.string().nullable(),
    }),
  ),
  error: trouble,
});
const verifyReport = z.looseObject({
  outcome: z.enum(["identical", "different", "out-of-step"]),
  parent: z.string(),
  tookMs: z.number(),
  requests: z.number(),
  records: z.number(),
  /** Records here of patients outside the catchment, which are not compared. */
  outside: z.number(),
  differences: z.array(z.object({ type: z.string(), id: z.string(), kind: z.string() })),
  waiting: z.number(),
  repaired: z.number(),
});
const pauses = z.object({ pauses: z.array(pauseAnswer) });

/** What can be done with the link to the parent. */
export const linkEndpoints = {
  "POST /push": {
    right: "operate",
    summary: "One push now, and the audit trail behind it.",
    body: roundRequest,
    answer: z.union([pushReport, forecast]),
  },
  "POST /pull": {
    right: "operate",
    summary: "One pull now.",
    body: roundRequest,
    answer: z.union([pullReport, forecast]),
  },
  "POST /pause": {
    right: "operate",
    summary: "Stops one direction of the link, or both.",
    body: pauseRequest,
    answer: pauses,
  },
  "POST /resume": { right: "operate", summary: "Lets what was stopped go on.", body: resumeRequest, answer: pauses },
  "POST /verify": {
    right: "operate",
    summary: "Compares all records with the parent's now, and mends what differs if that is asked for.",
    body: z.strictObject({ repair: z.boolean().default(false) }),
    answer: verifyReport,
  },
  "POST /sync-records": {
    right: "operate",
    summary: "Brings chosen records into step now, or tells what that would do.",
    body: syncRecordsRequest,
    answer: z.union([manualReport, z.object({ records: z.array(recordPreview) })]),
  },
} as const satisfies EndpointTable;

/** What a round would move, told by a dry run. */
export type Forecast = z.output<typeof forecast>;
/** What one pull came to. */
export type PullReport = z.output<typeof pullReport>;
/** What one push came to. */
export type PushReport = z.output<typeof pushReport>;
/** What a comparison of all records found. */
export type VerifyReport = z.output<typeof verifyReport>;
/** What a synchronization by hand would do to one record, at either end. */
export type RecordPreview = z.output<typeof recordPreview>;
/** What a synchronization by hand came to, record by record. */
export type ManualReport = z.output<typeof manualReport>;
