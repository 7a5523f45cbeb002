import { adminEndpoints } from "@tributary/admin-api";
import type { HttpRequest, HttpResponse } from "@tributary/kernel";
import {
  changeUser,
  checkSession,
  endSession,
  hasUsers,
  makeSession,
  type Node,
  readUser,
  type Session,
  type SignInOutcome,
  setUpFirstUser,
} from "@tributary/runtime";
import { refuse } from "../refuse.ts";
import { endedSessionCookie, sessionCookie, sessionTokenOf } from "../session-cookie.ts";
import { addressOf, roleOf, userActorOf } from "./admin-caller.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { actorOf, answer, readBody } from "./admin-request.ts";
import { providerExit } from "./openid.ts";

const notKnown = { status: 401, code: "UNAUTHORIZED" } as const;
const notForTokens = { status: 409, code: "not-supported" } as const;

/** `GET /admin/v1/setup`: whether the first administrator is still to be made. */
export const tellSetup: AdminHandler = (node) => async () => answer({ needed: !(await hasUsers(node.database)) });

/** `POST /admin/v1/setup`: makes the first administrator by the one-time link, and signs them in. */
export const setUp: AdminHandler =
  (node, { signIn }) =>
  async (request) => {
    const { token, user: name, password } = readBody(request, adminEndpoints["POST /setup"].body);
    refuseGuesser(signIn.waitMs(addressOf(request)));
    const outcome = await setUpFirstUser(
      node.database,
      { token, user: { name, password } },
      { nodeId: node.id, clock: node.clock, random: node.random },
    );
    if (outcome.kind === "done") return signedIn(node, request, outcome.token);
    signIn.noteFailure(addressOf(request));
    throw refuse({ status: 403, code: "forbidden" }, "set-up-link-used", {});
  };

/** `POST /admin/v1/session`: signs a user in. */
export const beginSession: AdminHandler =
  (node, { signIn }) =>
  async (request) => {
    const { user, password } = readBody(request, adminEndpoints["POST /session"].body);
    const outcome = await signIn.signIn(user, password, addressOf(request));
    return signedIn(node, request, tokenOrRefusal(outcome));
  };

/** `GET /admin/v1/session`: who is signed in. */
export const tellSession: AdminHandler = (node) => async (request) => {
  const session = await sessionOf(node, request);
  if (session) return answer(told(session));
  // A token has no session; its programs are told what they may do all the same.
  return answer({
    user: actorOf(request, node).author,
    role: roleOf(request),
    csrf: "",
    language: "en",
    signsInBy: "token",
  });
};

/** `PATCH /admin/v1/session`: changes one's own language, in which the next sign-in begins. */
export const changeSession: AdminHandler = (node) => async (request) => {
  const { language } = readBody(request, adminEndpoints["PATCH /session"].body);
  const session = await sessionOf(node, request);
  if (!session) throw refuse(notForTokens, "language-of-token", {});
  await changeUser(node.database, session.name, { language }, userActorOf(request, node));
  return answer(told({ ...session, language }));
};

/** `DELETE /admin/v1/session`: signs the user out, and tells where to sign out at the OpenID provider. */
export const leaveSession: AdminHandler = (node) => async (request) => {
  const token = sessionTokenOf(request.headers["cookie"]);
  const session = await sessionOf(node, request);
  const ended = token !== undefined && (await node.database.transaction((tx) => endSession(tx, token)));
  const goTo = session?.signsInBy === "openid" ? await providerExit(request, node) : null;
  return withCookie(answer({ ended, goTo }), endedSessionCookie(request.url));
};

/** `POST /admin/v1/session/password`: changes one's own password, and begins a new session. */
export const changeOwnPassword: AdminHandler =
  (node, { signIn }) =>
  async (request) => {
    const { present, password } = readBody(request, adminEndpoints["POST /session/password"].body);
    const { author } = actorOf(request, node);
    if (!(await readUser(node.database, author))) {
      throw refuse(notForTokens, "password-of-token", {});
    }
    tokenOrRefusal(await signIn.signIn(author, present, addressOf(request)));
    await changeUser(node.database, author, { password }, userActorOf(request, node));
    const token = await node.database.transaction((tx) =>
      makeSession(tx, author, { random: node.random, now: node.clock.now() }),
    );
    return withCookie(answer({ changed: true }), sessionCookie(token, request.url));
  };

async function signedIn(node: Node, request: HttpRequest, token: string): Promise<HttpResponse> {
  const session = await checkSession(node.database, token, node.clock);
  if (!session) throw refuse(notKnown, "user-changed", {});
  return withCookie(answer(told(session)), sessionCookie(token, request.url));
}

async function sessionOf(node: Node, request: HttpRequest): Promise<Session | undefined> {
  if (request.headers["authorization"]?.toLowerCase().startsWith("bearer ")) return undefined;
  const token = sessionTokenOf(request.headers["cookie"]);
  return token === undefined ? undefined : checkSession(node.database, token, node.clock);
}

function told({ name, role, csrf, language, signsInBy }: Session) {
  return { user: name, role, csrf, language, signsInBy };
}

function tokenOrRefusal(outcome: SignInOutcome): string {
  switch (outcome.kind) {
    case "signed-in":
      return outcome.token;
    case "refused":
      throw refuse(notKnown, "sign-in-refused", {});
    case "too-many":
      refuseGuesser(outcome.waitMs);
      throw refuse({ status: 429, code: "too-many" }, "sign-in-crowded", {});
  }
}

function refuseGuesser(waitMs: number): void {
  if (waitMs <= 0) return;
  const seconds = String(Math.ceil(waitMs / 1000));
  const head = { status: 429, code: "too-many", headers: { "retry-after": seconds } } as const;
  throw refuse(head, "wrong-passwords", { seconds });
}

function withCookie(response: HttpResponse, cookie: string): HttpResponse {
  return { ...response, headers: { ...response.headers, "set-cookie": cookie } };
}
