import type { Clock } from "@tributary/kernel";
import type { JWK } from "jose";

/** A token is good for so long; a stolen one is of little use, and a child makes a new one without asking anybody. */
const tokenLifeMs = 5 * 60 * 1000;
/** A token is renewed so long before its end, so that it does not end on its way. */
const renewBeforeMs = 60 * 1000;
/** Clocks of two nodes may differ by so much before a child is told the parent's time. */
const clockToleranceSeconds = 60;

/** Says who a child is, in a header of every request: a JSON Web Token signed with its own key. */
export interface TokenSource {
  /** The current token, made anew when the last one is about to end. */
  token(): Promise<string>;
  /** Adds this to the local clock, which may be wrong by years, to meet the parent's. */
  setClockOffset(offsetMs: number): void;
}

export interface TokenSourceOptions {
  readonly node: string;
  readonly parent: string;
  readonly privateKey: JWK;
  readonly clockOffsetMs: number;
  readonly clock: Clock;
}

export function openTokenSource(options: TokenSourceOptions): TokenSource {
  let offsetMs = options.clockOffsetMs;
  let current: { readonly token: string; readonly renewAt: number } | undefined;
  return {
    async token() {
      const now = options.clock.now() + offsetMs;
      if (current && now < current.renewAt && now > current.renewAt - tokenLifeMs) return current.token;
      const { importJWK, SignJWT } = await import("jose");
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: "EdDSA" })
        .setIssuer(options.node)
        .setAudience(options.parent)
        .setIssuedAt(Math.floor(now / 1000))
        .setExpirationTime(Math.floor((now + tokenLifeMs) / 1000))
        .sign(await importJWK(options.privateKey, "EdDSA"));
      current = { token, renewAt: now + tokenLifeMs - renewBeforeMs };
      return token;
    },
    setClockOffset(newOffsetMs) {
      offsetMs = newOffsetMs;
      current = undefined;
    },
  };
}

/** What a token proves. */
export type TokenVerdict =
  | { readonly kind: "valid"; readonly expiresAt: number }
  | { readonly kind: "wrong-time" }
  | { readonly kind: "forged" };

/** The node that a token claims to come from, unproven; `undefined` when it is no token. */
export async function claimedNode(token: string): Promise<string | undefined> {
  const { decodeJwt } = await import("jose");
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** Holds a token against the key of the node that it claims to come from. */
export async function verifyToken(
  token: string,
  expected: { readonly node: string; readonly parent: string; readonly publicKey: JWK; readonly now: number },
): Promise<TokenVerdict> {
  const { errors, importJWK, jwtVerify } = await import("jose");
  try {
    const { payload } = await jwtVerify(token, await importJWK(expected.publicKey, "EdDSA"), {
      algorithms: ["EdDSA"],
      issuer: expected.node,
      audience: expected.parent,
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(expected.now),
      requiredClaims: ["exp", "iat"],
    });
    const ahead = (payload.iat ?? 0) - expected.now / 1000;
    if (ahead > clockToleranceSeconds) return { kind: "wrong-time" };
    return { kind: "valid", expiresAt: (payload.exp ?? 0) * 1000 };
  } catch (error) {
    return { kind: error instanceof errors.JWTExpired ? "wrong-time" : "forged" };
  }
}
