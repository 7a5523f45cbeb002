import { adminEndpoints } from "@tributary/admin-api";
import type { HttpRequest, HttpResponse } from "@tributary/kernel";
import { hasPasswordUsers, type Node } from "@tributary/runtime";
import { endedPendingCookie, pendingCookie, pendingIn, placeInConsole } from "../pending-cookie.ts";
import { refuse } from "../refuse.ts";
import { sessionCookie } from "../session-cookie.ts";
import { addressOf } from "./admin-caller.ts";
import type { AdminHandler } from "./admin-handler.ts";
import { answer, notThere, readQuery } from "./admin-request.ts";

/** Where the browser begins the way over the provider, and where the provider sends it back to. */
const beginPath = "/admin/v1/sign-in/openid";
const backPath = `${beginPath}/back`;

/** `GET /admin/v1/sign-in`: how somebody can sign in here. */
export const tellSignIn: AdminHandler =
  ({ database, openid }) =>
  async () =>
    answer({
      password: await hasPasswordUsers(database),
      openid: openid ? { name: openid.name, href: beginPath } : null,
    });

/** `GET /admin/v1/sign-in/openid`: sends the browser to the provider. */
export const goToProvider: AdminHandler =
  ({ openid }) =>
  async (request) => {
    const { next } = readQuery(request, adminEndpoints["GET /sign-in/openid"].query);
    if (!openid) throw refuse(notThere, "no-provider", {});
    const begun = await openid.begin(at(request, backPath));
    if (!begun) return goTo(refusedPlace("away"));
    const cookie = pendingCookie({ ...begun.pending, next: placeInConsole(next) }, request.url);
    return goTo(begun.url.href, cookie);
  };

/** `GET /admin/v1/sign-in/openid/back`: takes the provider's answer, and lets the browser into the console, or back to its door. */
export const comeBack: AdminHandler =
  ({ openid }, { signIn }) =>
  async (request) => {
    if (!openid) throw refuse(notThere, "no-provider", {});
    const address = addressOf(request);
    const ended = endedPendingCookie(request.url);
    if (signIn.waitMs(address) > 0) return goTo(refusedPlace("too-many"), ended);
    const pending = pendingIn(request.headers["cookie"]);
    const outcome = pending ? await openid.finish(request.url, pending) : ({ kind: "refused" } as const);
    if (outcome.kind !== "signed-in") {
      if (outcome.kind !== "away") signIn.noteFailure(address);
      return goTo(refusedPlace(outcome.kind), ended);
    }
    // An answer carries one cookie; the other is worth nothing, since the provider's code has been used, and ends by itself.
    return goTo(pending?.next ?? "/console/", sessionCookie(outcome.token, request.url));
  };

/** Where somebody signs out at the provider too; `null` when there is nothing to sign out of. */
export async function providerExit(request: HttpRequest, { openid }: Pick<Node, "openid">): Promise<string | null> {
  return (await openid?.endSessionUrl(at(request, "/console/")))?.href ?? null;
}

/** The console says what the word means, in the reader's language. */
function refusedPlace(because: string): string {
  return `/console/sign-in?refused=${because}`;
}

function at({ url }: HttpRequest, path: string): string {
  // The node may stand behind a path of its proxy.
  const prefix = url.pathname.slice(0, Math.max(0, url.pathname.indexOf("/admin/v1/")));
  return url.origin + prefix + path;
}

function goTo(location: string, cookie?: string): HttpResponse {
  const headers = { location, "cache-control": "no-store", "referrer-policy": "no-referrer" };
  return { status: 302, headers: cookie === undefined ? headers : { ...headers, "set-cookie": cookie } };
}
