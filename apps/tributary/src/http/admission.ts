import { timingSafeEqual } from "node:crypto";
import { type Right, type Role, roleMay } from "@tributary/admin-api";
import { checkApiToken, checkSession, csrfOf, type Node } from "@tributary/runtime";
import { RateLimit } from "./rate-limit.ts";
import type { Refusal } from "./refusal.ts";
import { refusalBy } from "./refuse.ts";
import { sessionTokenOf } from "./session-cookie.ts";

/** What of a request decides who calls. */
export interface Knock {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Where it came from, as far as proxies are believed. */
  readonly address: string;
}

/** Who was let in, as what; or why nobody was. */
export type Admission =
  | { readonly kind: "admitted"; readonly name: string | undefined; readonly role: Role | undefined }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly name?: string };

/** Decides whether the caller of a route has the right that it asks for. */
export type Admit = (knock: Knock, right: Right) => Promise<Admission>;

/** A screen asks for some dozen things and then for one every few seconds; a program that goes through a list asks faster. */
const callersRate = { atOnce: 1_000, perSecond: 100 } as const;
/** Whoever is not signed in has only to sign in; a hospital may come from one address. */
const strangersRate = { atOnce: 300, perSecond: 10 } as const;

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * Lets in holders of an API token and whoever is signed in, each as far as the role goes.
 * A session that changes something also brings its CSRF token, since a browser sends the cookie for any page. A token
 * comes as a bearer only, since a browser sends a Basic password for any page too. How often each may ask is bounded.
 */
export function createAdmission({ database, clock }: Pick<Node, "database" | "clock">): Admit {
  const callers = new RateLimit(callersRate);
  const strangers = new RateLimit(strangersRate);
  const within = (admission: Admission, address: string): Admission => {
    const { name } = admission;
    const waitMs = name === undefined ? strangers.waitMs(address, clock.now()) : callers.waitMs(name, clock.now());
    return waitMs === 0 ? admission : refused(tooMany(waitMs));
  };
  return async (knock, right) => within(await decide(knock, right), knock.address);

  async function decide({ method, headers }: Knock, right: Right): Promise<Admission> {
    const isSafe = safeMethods.has(method);
    const bearer = bearerOf(headers["authorization"]);
    if (bearer !== undefined) {
      const holder = await checkApiToken(database, bearer, clock);
      return holder ? admitted(holder.name, holder.role, right) : refused(notValid);
    }
    const token = sessionTokenOf(headers["cookie"]);
    const session = token === undefined ? undefined : await checkSession(database, token, clock);
    if (session && token !== undefined) {
      if (!isSafe && right !== "anybody" && !isEqual(headers["x-tributary-csrf"], csrfOf(token)))
        return refused(forged, session.name);
      return admitted(session.name, session.role, right);
    }
    if (right !== "anybody") return refused(notSignedIn);
    // A page of another site can send a form, but no JSON.
    if (!isSafe && !isJson(headers["content-type"])) return refused(forged);
    return admitted(undefined, undefined, right);
  }
}

function admitted(name: string | undefined, role: Role | undefined, right: Right): Admission {
  return roleMay(role, right) ? { kind: "admitted", name, role } : refused(notAllowed, name);
}

function refused(refusal: Refusal, name?: string): Admission {
  return name === undefined ? { kind: "refused", refusal } : { kind: "refused", refusal, name };
}

function tooMany(waitMs: number): Refusal {
  const seconds = String(Math.ceil(waitMs / 1000));
  return refusalBy({ status: 429, code: "too-many", headers: { "retry-after": seconds } }, "too-often", { seconds });
}

const withoutToken = {
  status: 401,
  code: "UNAUTHORIZED",
  headers: { "www-authenticate": 'Bearer realm="tributary"' },
} as const;
const forbidden = { status: 403, code: "forbidden" } as const;

const notValid = refusalBy(withoutToken, "token-not-valid", {});
const notSignedIn = refusalBy(withoutToken, "not-signed-in", {});
const notAllowed = refusalBy(forbidden, "role-too-small", {});
const forged = refusalBy(forbidden, "other-page", {});

function bearerOf(authorization: string | string[] | undefined): string | undefined {
  if (typeof authorization !== "string") return undefined;
  return /^bearer\s+(\S+)$/i.exec(authorization.trim())?.[1];
}

function isEqual(given: string | string[] | undefined, expected: string): boolean {
  if (typeof given !== "string") return false;
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function isJson(contentType: string | string[] | undefined): boolean {
  return typeof contentType === "string" && /^application\/json\b/i.test(contentType);
}
