import * as z from "zod";
import { moment, momentOrNever, pageOf } from "./answers.ts";
import type { EndpointTable } from "./endpoint.ts";
import { sortedListQuery } from "./list-query.ts";

export const childAnswer = z.object({
  node: z.string(),
  enrolledAt: moment,
  revokedAt: momentOrNever,
  lastSeenAt: momentOrNever,
  catchment: z.string().nullable(),
  /** Since when two installations are at work under this name. */
  contestedAt: momentOrNever,
});

export const settingAnswer = z.object({
  key: z.string(),
  /** As it is in force; `null` for a secret and for what is not set. */
  value: z.unknown(),
  isSecret: z.boolean(),
  isDefault: z.boolean(),
  description: z.string(),
});

const node = z.string().min(1).max(63);

/** A child of which two installations are at work; the first of them spoke last. */
export const contestedChild = z.object({ node: z.string(), contestedAt: moment, instances: z.array(z.string()) });

/** What enrolment by hand carries in a file: names, keys, and a proof that only the two ends can make. */
const carried = z.record(z.string(), z.unknown());

/** Who belongs to this node, and how it is set up. */
export const childrenEndpoints = {
  "GET /children": {
    right: "watch",
    summary: "A page of the nodes that ever enrolled.",
    query: sortedListQuery(["node", "enrolledAt", "lastSeenAt", "catchment"]).extend({
      /** Those that have access, those whose access was taken away, or those of which two are at work. */
      access: z.enum(["enrolled", "revoked", "contested"]).optional(),
    }),
    answer: pageOf(childAnswer),
  },
  "POST /children": {
    right: "administer",
    summary: "Issues a code with which one named child can enrol, once.",
    body: z.strictObject({
      node,
      catchment: z.string().max(63).optional(),
      hours: z.number().positive().max(744).default(24),
    }),
    answer: z.object({ node: z.string(), code: z.string(), expiresAt: moment, url: z.string() }),
  },
  "POST /children/by-hand": {
    right: "administer",
    summary: "Lets a child in that has no line: takes what its file says, and answers what goes into the file for it.",
    body: z.strictObject({ request: carried }),
    answer: z.object({ node: z.string(), answer: carried }),
  },
  "GET /children/:node/clones": {
    right: "watch",
    summary: "The installations of a child of which two are at work; neither is answered.",
    answer: contestedChild,
  },
  "POST /children/:node/clones": {
    right: "administer",
    summary: "Decides which installation of a child is let in again; the others stay refused.",
    body: z.strictObject({ instance: z.string().min(1).max(200) }),
    answer: z.object({ node: z.string(), instance: z.string() }),
  },
  "DELETE /children/:node": {
    right: "administer",
    summary: "Takes a child's access away at once; it can enrol again with a new code.",
    answer: z.object({ revoked: z.string() }),
  },
  "POST /children/:node/catchment": {
    right: "administer",
    summary: "Gives a child a catchment, from its next round on.",
    body: z.strictObject({ catchment: z.string().min(1).max(63) }),
    answer: z.object({ node: z.string(), catchment: z.string() }),
  },
  "GET /support-bundle": {
    right: "administer",
    summary: "A file for those who help: codes and numbers, the last log lines among them, and nothing of any record.",
    answer: null,
  },
  "GET /configuration": {
    right: "oversee",
    summary: "A page of the settings as they are in force, secrets withheld.",
    /** By `isDefault` those that somebody has set stand first. */
    query: sortedListQuery(["key", "isDefault"]),
    answer: pageOf(settingAnswer),
  },
} as const satisfies EndpointTable;

/** An enrolled child with its access and its catchment. */
export type ChildAnswer = z.output<typeof childAnswer>;
/** One key of the configuration as it is in force. */
export type SettingAnswer = z.output<typeof settingAnswer>;
