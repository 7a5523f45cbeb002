import type { HttpRequest } from "@tributary/kernel";

/** The longest token that is looked into. */
const tokenLengthMax = 4_096;

/**
 * The child in whose name a request was signed. It is a claim until the handler behind it has checked the signature, so ask
 * only of requests that were served.
 */
export function claimedChild({ headers }: Pick<HttpRequest, "headers">): string | undefined {
  const token = /^Bearer (\S+)$/.exec(headers["authorization"] ?? "")?.[1];
  if (token === undefined || token.length > tokenLengthMax) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    const issuer = (claims as { readonly iss?: unknown } | null)?.iss;
    return typeof issuer === "string" && issuer.length <= 63 ? issuer : undefined;
  } catch {
    return undefined;
  }
}
