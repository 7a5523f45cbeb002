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
/** How somebody can sign in here. */
export const signInWays = z.object({
  /** Whether there are users with passwords; without any, the only way is the set-up link or the provider. */
  password: z.boolean(),
  /** The site's OpenID provider by the name that the button shows; the browser goes to `href`, with `?next=/console/…`. */
  openid: z.object({ name: z.string(), href: z.string() }).nullable(),
});

/** Who is signed in. `csrf` goes into the header `x-tributary-csrf` of every request that changes something. */
export const sessionAnswer = z.object({
  user: z.string(),
  role,
  csrf: z.string(),
  language,
  signsInBy: z.enum(["password", "openid", "token"]),
});

/** The doors that let a person in and out. */
export const sessionEndpoints = {
  "GET /sign-in": { right: "anybody", summary: "How somebody can sign in here.", answer: signInWays },
  "GET /sign-in/openid": {
    right: "anybody",
    summary: "Sends the browser to the site's OpenID provider.",
    query: z.strictObject({ next: z.string().max(500).optional() }),
    answer: null,
  },
  "GET /sign-in/openid/back": {
    right: "anybody",
    summary: "Takes the browser back from the provider: to the console, or to /console/sign-in?refused=WORD.",
    answer: null,
  },
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
  "PATCH /session": {
    right: "watch",
    summary: "Changes the signed-in user's own language, which the next sign-in tells again.",
    body: z.strictObject({ language }),
    answer: sessionAnswer,
  },
  "DELETE /session": {
    right: "watch",
    summary:
      "Signs the user out; `goTo` is where the browser signs out at the OpenID provider, for those who came from it.",
    answer: z.object({ ended: z.boolean(), goTo: z.string().nullable() }),
  },
  "POST /session/password": {
    right: "watch",
    summary: "Changes the signed-in user's own password; all other sessions of the user end.",
    body: z.strictObject({ present: z.string().max(passwordCharacters.most), password }),
    answer: z.object({ changed: z.boolean() }),
  },
} as const satisfies EndpointTable;

/** How one can sign in at a node. */
export type SignInWays = z.output<typeof signInWays>;
/** Who is signed in, with which rights. */
export type SessionAnswer = z.output<typeof sessionAnswer>;
