import * as z from "zod";
import { moment, pageOf } from "./answers.ts";
import type { EndpointTable } from "./endpoint.ts";
import { sortedListQuery } from "./list-query.ts";

export const guestAnswer = z.object({
  /** The patient's id. */
  patient: z.string(),
  /** A word, as the audit trails of both ends have it. */
  purpose: z.string(),
  fetchedAt: moment,
  /** When the records are purged. */
  keptUntil: moment,
});

/** One version of a record, as the parent has it. */
export const toldVersion = z.object({
  type: z.string(),
  id: z.string(),
  version: z.number().int(),
  /** When the parent came to have it. */
  at: moment,
  originNode: z.string(),
  author: z.string().nullable(),
  /** The record as JSON text, to the byte; `null` for a deletion. */
  body: z.string().nullable(),
});

/** What a child asks of its parent for one patient; each asking stands in the audit trails of both. */
export const patientEndpoints = {
  "GET /guests": {
    right: "see-people",
    summary: "A page of the patients of elsewhere whose records are here for a while.",
    query: sortedListQuery(["keptUntil", "fetchedAt", "patient", "purpose"]),
    answer: pageOf(guestAnswer),
  },
  "POST /guests": {
    right: "see-people",
    summary: "Asks the parent for the records of a patient of elsewhere, and keeps them for some days.",
    body: z.strictObject({
      patient: z.string().max(64),
      /** What for: a word such as `emergency`, and no text about a person. */
      purpose: z.string().max(100),
      days: z.number().default(7),
    }),
    answer: guestAnswer,
  },
  "POST /patients/:id/history": {
    right: "see-people",
    summary: "Asks the parent for all versions of a patient's records, the newest first; nothing of it is kept here.",
    answer: z.object({ versions: z.array(toldVersion) }),
  },
} as const satisfies EndpointTable;

export type GuestAnswer = z.output<typeof guestAnswer>;
export type ToldVersion = z.output<typeof toldVersion>;
