import * as z from "zod";
import { fragment, moment, pageOf } from "./answers.ts";
import { auditEntry } from "./audit-endpoints.ts";
import type { EndpointTable } from "./endpoint.ts";
import { order } from "./list-query.ts";

export const recordHit = z.object({
  type: z.string(),
  id: z.string(),
  version: z.number().int(),
  lastUpdated: moment,
  /** How a person would call it: a patient's name, else the reference. */
  title: z.string(),
  identifiers: z.array(z.string()),
  birthDate: z.string().nullable(),
  gender: z.string().nullable(),
});

/** Which tiers above have the current version; `null` when this node cannot know. */
const tiers = z.array(z.object({ node: z.string(), has: z.boolean().nullable() }));

export const recordDetail = z.object({
  type: z.string(),
  id: z.string(),
  version: z.number().int(),
  lastUpdated: moment,
  isDeleted: z.boolean(),
  body: fragment.nullable(),
  openConflicts: z.number().int(),
  tiers,
});

const elementChange = z.object({ path: z.string(), before: fragment.optional(), after: fragment.optional() });

export const timelineEntry = z.object({
  version: z.number().int(),
  at: moment,
  operation: z.enum(["create", "update", "delete"]),
  originNode: z.string(),
  author: z.string().nullable(),
  cameBy: z.string().nullable(),
  link: z.string().nullable(),
  changes: z.array(elementChange),
  trail: z.array(auditEntry),
  elsewhere: z.array(auditEntry),
});

export const timelineAnswer = z.object({
  key: z.object({ type: z.string(), id: z.string() }),
  entries: z.array(timelineEntry),
  isCut: z.boolean(),
  whereabouts: z.array(
    z.object({
      node: z.string(),
      state: z.enum(["has-it", "has-another", "failed"]),
      at: moment,
      version: z.number().int().nullable(),
      by: z.string(),
      error: z.string().nullable(),
    }),
  ),
  others: z.array(auditEntry),
});

/** Records, and what became of them. */
export const recordEndpoints = {
  "GET /records": {
    right: "see-people",
    summary: "Patients by name, identifier or id; a reference such as `Observation/12` finds any record.",
    query: z.strictObject({
      q: z.string().min(1).max(200),
      limit: z.coerce.number().int().min(1).max(100).default(20),
      after: z.string().max(2_000).optional(),
      /** `match`: an id and identifiers that are just so, then names, in no order that means anything. */
      sort: z.enum(["match", "name", "birthDate", "gender", "id", "lastUpdated"]).default("match"),
      /** What is sorted by `match` has no other way. */
      order: order.default("asc"),
    }),
    answer: pageOf(recordHit).extend({
      /** Whether more were found than can be sorted; what is told then is sorted among the first of them. */
      isCut: z.boolean(),
    }),
  },
  "GET /records/:type/:id": { right: "see-people", summary: "One record as it stands here.", answer: recordDetail },
  "GET /records/:type/:id/reach": {
    right: "watch",
    summary: "Which nodes above have the current version of a record; nothing of what it says.",
    answer: z.object({ reference: z.string(), version: z.number().int(), tiers }),
  },
  "GET /timeline/:type/:id": {
    right: "see-people",
    summary: "Every version of a record: who changed what, when, where, and over which link it came.",
    answer: timelineAnswer,
  },
} as const satisfies EndpointTable;

/** A record that a search found, by what can be read of it at a glance. */
export type RecordHit = z.output<typeof recordHit>;
/** A record with its content, and where it came from. */
export type RecordDetail = z.output<typeof recordDetail>;
/** Everything that became of one record. */
export type TimelineAnswer = z.output<typeof timelineAnswer>;
/** One version of a record, with who made it, by which link, and what it changed. */
export type TimelineEntry = z.output<typeof timelineEntry>;
