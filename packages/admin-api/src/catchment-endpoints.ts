import * as z from "zod";
import { fragment, moment, momentOrNever, pageOf } from "./answers.ts";
import type { EndpointTable } from "./endpoint.ts";
import { reason } from "./link-requests.ts";
import { sortedListQuery } from "./list-query.ts";

export const catchmentAnswer = z.object({
  name: z.string(),
  version: z.number().int(),
  rule: fragment,
  members: z.number().int(),
  suspended: z.number().int(),
  /** Names of the children that have it. */
  children: z.array(z.string()),
  /** How far the pass over all patients is; `null` when there was none. */
  pass: z
    .object({ done: z.number().int(), total: z.number().int(), begunAt: moment, endedAt: momentOrNever })
    .nullable(),
});

export const catchmentDetail = catchmentAnswer.extend({
  history: z.array(
    z.object({
      version: z.number().int(),
      rule: fragment,
      setAt: moment,
      setBy: z.string(),
      reason: z.string().nullable(),
    }),
  ),
});

export const catchmentPreview = z.object({
  /** The children that have the catchment. */
  children: z.array(z.string()),
  members: z.number().int(),
  undecided: z.number().int(),
  entering: z.number().int(),
  leaving: z.number().int(),
  enteringPatients: z.array(z.string()),
  leavingPatients: z.array(z.string()),
});

export const memberAnswer = z.object({
  patient: z.string(),
  state: z.enum(["member", "suspended", "left"]),
  since: moment,
  reason: z.string(),
});

const name = z.string().min(1).max(63);
/** There are fewer resource types. */
const typesMax = 500;

export const metadataTypes = z.object({
  types: z.array(z.string()),
  /** Whether nobody has named others. */
  isStandard: z.boolean(),
});

/** Whose records each child holds. */
export const catchmentEndpoints = {
  "GET /catchments": {
    right: "watch",
    summary: "A page of the catchments.",
    query: sortedListQuery(["name", "members"]),
    answer: pageOf(catchmentAnswer).extend({
      /** The children that have no catchment of their own, and so every record. */
      everything: z.object({ children: z.array(z.string()) }),
    }),
  },
  "POST /catchments/preview": {
    right: "administer",
    summary: "Whom a rule would let in and out; nothing is changed.",
    body: z.strictObject({ name, rule: fragment }),
    answer: catchmentPreview,
  },
  "GET /catchments/:name": {
    right: "watch",
    summary: "One catchment, with the rules that it had.",
    answer: catchmentDetail,
  },
  "PUT /catchments/:name": {
    right: "administer",
    summary: "Puts a rule into force, for a new catchment or one that is there.",
    body: z.strictObject({ rule: fragment, reason: reason.optional() }),
    answer: z.object({ name: z.string(), version: z.number().int() }),
  },
  "GET /catchments/:name/members": {
    right: "see-people",
    summary: "The patients of a catchment, by id or by when they came to stand so.",
    query: sortedListQuery(["patient", "since"]).extend({
      state: z.enum(["member", "suspended", "left"]).optional(),
      /** What the patient's id begins with. */
      q: z.string().max(64).optional(),
    }),
    answer: pageOf(memberAnswer),
  },
  "GET /metadata-types": {
    right: "watch",
    summary: "The resource types whose records every child may have, unless they tell of a patient.",
    answer: metadataTypes,
  },
  "PUT /metadata-types": {
    right: "administer",
    summary: "Names others, or goes back to the usual ones.",
    body: z.strictObject({
      types: z.array(z.string().max(64)).min(1).max(typesMax).nullable(),
      reason: reason.optional(),
    }),
    answer: metadataTypes,
  },
} as const satisfies EndpointTable;

/** A catchment in the list, with how many patients it has. */
export type CatchmentAnswer = z.output<typeof catchmentAnswer>;
/** A catchment with its rule, the rules before it, and the children that have it. */
export type CatchmentDetail = z.output<typeof catchmentDetail>;
/** Whom another rule would move, in all and child by child. */
export type CatchmentPreview = z.output<typeof catchmentPreview>;
/** A patient of a catchment, since when and by which rule. */
export type MemberAnswer = z.output<typeof memberAnswer>;
