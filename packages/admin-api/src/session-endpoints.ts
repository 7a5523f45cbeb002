import * as z from "zod";
import { roles } from "./access.ts";
import type { EndpointTable } from "./endpoint.ts";

/** Characters of a password: fewer are guessed, more only cost time. */
export const passwordCharacters = { least: 10, most: 256 } as const;

/** The name by which a user signs in, and which the audit trail keeps. */
export const userName = z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,62}$/, "small letters, digits, dots, hyphens");
export const password = z.string().min(passwordCharacters.least).max(passwordCharacters.most);
export const language = z.enum(["en", "fr"]);
export const role = z.enum(roles);

export const setupAnswer = z.object({ needed: z.boolean() });
/** The first administrator, by the one-time link that the node printed. */
export const setupRequest = z.strictObject({ token: z.string().max(200), user: userName, password });
export const signInRequest = z.strictObject({
  user: z.string().max(100),
  password: z.string().max(passwordCharacters.most),
});
/** Who is signed in. `csrf` goes into the header `x-tributary-csrf` of every request that changes something. */
export const sessionAnswer = z.object({ user: z.string(), role, csrf: z.string(), language });

/** The doors that let a person in and out. */
export const sessionEndpoints = {
  "GET /setup": {
    right: "anybody",
    summary: "Tells whether the first administrator is still to be made.",
    answer: setupAnswer,
  },
  "POST /setup": {
    right: "anybody",
    summary: "Makes the first administrator, by the one-time link, and signs them in.",
    body: setupRequest,
    answer: sessionAnswer,
  },
  "GET /session": { right: "watch", summary: "Tells who is signed in.", answer: sessionAnswer },
  "POST /session": { right: "anybody", summary: "Signs a user in.", body: signInRequest, answer: sessionAnswer },
  "DELETE /session": { right: "watch", summary: "Signs the user out.", answer: z.object({ ended: z.boolean() }) },
  "POST /session/password": {
    right: "watch",
    summary: "Changes the signed-in user's own password; all other sessions of the user end.",
    body: z.strictObject({ present: z.string().max(passwordCharacters.most), password }),
    answer: z.object({ changed: z.boolean() }),
  },
} as const satisfies EndpointTable;

export type SessionAnswer = z.output<typeof sessionAnswer>;
