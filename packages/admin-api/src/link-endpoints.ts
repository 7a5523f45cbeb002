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
  error: trouble,
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
  records: z.number(),
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
    answer: z.union([report.extend({ audit: report.optional() }), forecast]),
  },
  "POST /pull": {
    right: "operate",
    summary: "One pull now.",
    body: roundRequest,
    answer: z.union([report, forecast]),
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

export type RecordPreview = z.output<typeof recordPreview>;
export type ManualReport = z.output<typeof manualReport>;
