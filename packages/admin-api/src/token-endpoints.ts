import * as z from "zod";
import { moment, momentOrNever, pageOf } from "./answers.ts";
import type { EndpointTable } from "./endpoint.ts";
import { sortedListQuery } from "./list-query.ts";
import { role } from "./session-endpoints.ts";

const tokenName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/, "letters, digits, spaces, dots, hyphens");
/** Ten years; a token for longer than that is one without an end. */
const daysMax = 3_650;

export const tokenAnswer = z.object({
  name: z.string(),
  role,
  state: z.enum(["living", "expired", "revoked"]),
  createdAt: moment,
  /** Who made it; `null` for tokens of earlier versions. */
  createdBy: z.string().nullable(),
  /** `null` for a token without an end. */
  expiresAt: momentOrNever,
  revokedAt: momentOrNever,
  lastUsedAt: momentOrNever,
});

/** Keys for programs. */
export const tokenEndpoints = {
  "GET /tokens": {
    right: "administer",
    summary: "A page of the tokens that were ever made; the text of none is told.",
    query: sortedListQuery(["name", "createdAt", "expiresAt", "lastUsedAt"]).extend({
      state: z.enum(["living", "expired", "revoked"]).optional(),
    }),
    answer: pageOf(tokenAnswer),
  },
  "POST /tokens": {
    right: "administer",
    summary: "Makes a token; its text is told this once.",
    body: z.strictObject({ name: tokenName, role, days: z.number().positive().max(daysMax).optional() }),
    answer: z.object({ token: z.string(), name: z.string(), role, expiresAt: momentOrNever }),
  },
  "DELETE /tokens/:name": {
    right: "administer",
    summary: "Ends a token's life at once; its name stays taken.",
    answer: z.object({
      revoked: z.string(),
      /** Whether somebody had done so before. */
      before: z.boolean(),
    }),
  },
} as const satisfies EndpointTable;

/** An API token without its secret. */
export type TokenAnswer = z.output<typeof tokenAnswer>;
