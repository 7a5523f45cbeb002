import { createPrivateKey, generateKeyPairSync, type JsonWebKey, sign } from "node:crypto";

/** What a node's token claims. Times are seconds since 1970. */
export interface Claims {
  readonly iss: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
}

/** Signs a token with any Ed25519 key, stolen or made up, whatever it claims. See RFC 8037 §3.1. */
export function forgeToken(claims: Claims, privateKey: JsonWebKey, algorithm = "EdDSA"): string {
  const signed = [{ alg: algorithm }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const text = signed.join(".");
  const signature = sign(null, Buffer.from(text), createPrivateKey({ key: privateKey, format: "jwk" }));
  return `${text}.${algorithm === "none" ? "AA" : signature.toString("base64url")}`;
}

/** A key that no parent has seen. */
export function strangeKey(): JsonWebKey {
  return generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
}
