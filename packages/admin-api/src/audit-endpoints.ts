import * as z from "zod";
import { moment, nextPage } from "./answers.ts";
import type { EndpointTable } from "./endpoint.ts";
import { reason } from "./link-requests.ts";
import { auditQuery } from "./list-query.ts";

/** What an audit entry can be about, in the words of the trail. */
export const auditOperations = [
  "local-write",
  "pull",
  "push",
  "merge",
  "resolve",
  "manual",
  "enrol",
  "configure",
  "audit",
  "failed-attempt",
] as const;

export const auditEntry = z.object({
  entryId: z.number().int(),
  at: moment,
  node: z.string(),
  actor: z.string(),
  operation: z.enum(auditOperations),
  reference: z.string().nullable(),
  versionBefore: z.number().int().nullable(),
  versionAfter: z.number().int().nullable(),
  link: z.string().nullable(),
  operationId: z.string().nullable(),
  outcome: z.string(),
  error: z.string().nullable(),
  position: z.number().int().nullable(),
  chainHash: z.string().nullable(),
});

const chainVerdict = z.union([
  z.object({ kind: z.literal("intact"), entries: z.number().int() }),
  z.object({ kind: z.enum(["altered", "missing"]), position: z.number().int() }),
]);

export const auditVerdict = z.object({
  isSound: z.boolean(),
  own: chainVerdict,
  others: z.array(
    z.object({
      node: z.string(),
      chain: z.string(),
      /** The child over whose link it last came, and when. */
      via: z.string(),
      lastToldAt: moment,
      /** Places: of its first entry here, and of its last. */
      first: z.number().int(),
      last: z.number().int(),
      verdict: chainVerdict,
      /** When and where the node told something else than before. */
      broken: z.object({ at: moment, position: z.number().int() }).nullable(),
    }),
  ),
});

/** Who did what to which record. */
export const auditEndpoints = {
  "GET /audit": {
    right: "watch",
    summary: "A page of the trail, the latest first unless the earliest is asked for.",
    query: auditQuery,
    answer: z.object({ entries: z.array(auditEntry), next: nextPage }),
  },
  "GET /audit/export": {
    right: "oversee",
    summary: "All that a filter finds as CSV or NDJSON, the earliest first.",
    query: auditQuery
      .omit({ limit: true, after: true, order: true })
      .extend({ format: z.enum(["csv", "ndjson"]).default("csv") }),
    answer: null,
  },
  "POST /audit/verify": {
    right: "oversee",
    summary: "Walks every chain that the node holds, and names the first place that was altered or is missing.",
    answer: auditVerdict,
  },
  "POST /audit/acknowledge": {
    right: "administer",
    summary: "Ends the warning that a node told something else of its trail than before, once it is explained.",
    body: z.strictObject({ node: z.string().min(1).max(63), reason }),
    answer: z.object({
      node: z.string(),
      /** Whether there was a warning. */
      isAcknowledged: z.boolean(),
    }),
  },
} as const satisfies EndpointTable;

/** An entry of the audit trail, as a list tells it. */
export type AuditEntry = z.output<typeof auditEntry>;
/** What a verification found of one chain of the trail. */
export type AuditVerdict = z.output<typeof auditVerdict>;
