import * as z from "zod";
import { momentOrNever, pageOf } from "./answers.ts";
import type { EndpointTable } from "./endpoint.ts";
import { sortedListQuery } from "./list-query.ts";
import { language, password, role, userName } from "./session-endpoints.ts";

export const userAnswer = z.object({
  name: z.string(),
  role,
  language,
  createdAt: z.number(),
  lastSeenAt: momentOrNever,
  /** Until when nobody can sign in by this name, after too many wrong passwords. */
  lockedUntil: momentOrNever,
  /** With a password of this node, or at the site's OpenID provider, which then decides about the role. */
  signsInBy: z.enum(["password", "openid"]),
});
export const newUserRequest = z.strictObject({ name: userName, role, password, language: language.optional() });
/** What of a user is to be another; a new password or role ends the user's sessions. */
export const changeUserRequest = z.strictObject({
  role: role.optional(),
  password: password.optional(),
  language: language.optional(),
});

/** Who may use this node. */
export const userEndpoints = {
  "GET /users": {
    right: "administer",
    summary: "A page of the users.",
    query: sortedListQuery(["name", "role", "lastSeenAt"]).extend({ role: role.optional() }),
    answer: pageOf(userAnswer),
  },
  "POST /users": { right: "administer", summary: "Makes a user.", body: newUserRequest, answer: userAnswer },
  "PATCH /users/:name": {
    right: "administer",
    summary: "Changes a user's role, password or language.",
    body: changeUserRequest,
    answer: userAnswer,
  },
  "DELETE /users/:name": {
    right: "administer",
    summary: "Removes a user; the last administrator stays.",
    answer: z.object({ removed: z.string() }),
  },
} as const satisfies EndpointTable;

/** A user without anything secret. */
export type UserAnswer = z.output<typeof userAnswer>;
