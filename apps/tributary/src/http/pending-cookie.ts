import type { PendingSignIn } from "@tributary/runtime";

const cookieName = "tributary-sign-in";
/** It goes to the two doors of the sign-in and nowhere else. */
const cookiePath = "/admin/v1/sign-in";
/** Somebody who has typed no password at the provider for so long begins anew. */
const maxAgeSeconds = 600;
const secret = /^[\w-]{40,64}$/;

/** What the browser keeps while it is at the OpenID provider, and where in the console it goes on. */
export interface PendingCookie extends PendingSignIn {
  readonly next: string;
}

/**
 * Writes the cookie. No script reads it; it comes along when the provider sends the browser back, which is a navigation from
 * another site, and with nothing else from there.
 */
export function pendingCookie(pending: PendingCookie, { protocol }: URL): string {
  const { state, nonce, verifier, next } = pending;
  const value = Buffer.from(JSON.stringify([state, nonce, verifier, next])).toString("base64url");
  return `${cookieName}=${value}; Max-Age=${maxAgeSeconds}${attributes(protocol)}`;
}

/** Takes it from the browser again: an answer of the provider is good for one sign-in. */
export function endedPendingCookie({ protocol }: URL): string {
  return `${cookieName}=; Max-Age=0${attributes(protocol)}`;
}

/** What the browser kept; `undefined` when it brings nothing that was written here. */
export function pendingIn(cookie: string | undefined): PendingCookie | undefined {
  const value = new RegExp(`(?:^|; *)${cookieName}=([\\w-]{1,2000})`).exec(cookie ?? "")?.[1];
  if (value === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(value, "base64url").toString("utf8"));
    if (!Array.isArray(parts) || !parts.every((part) => typeof part === "string")) return undefined;
    const [state = "", nonce = "", verifier = "", next = ""] = parts as string[];
    if (![state, nonce, verifier].every((part) => secret.test(part))) return undefined;
    return { state, nonce, verifier, next: placeInConsole(next) };
  } catch {
    return undefined;
  }
}

/** A place in the console; anything else, another site above all, is its front page. */
export function placeInConsole(next: string | undefined): string {
  return next !== undefined && !next.includes("..") && /^\/console(\/[\w./~%-]*)?(\?[\w=&%.~-]*)?$/.test(next)
    ? next
    : "/console/";
}

function attributes(protocol: string): string {
  return `; Path=${cookiePath}; HttpOnly; SameSite=Lax${protocol === "https:" ? "; Secure" : ""}`;
}
