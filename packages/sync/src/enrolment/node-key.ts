import { generateKeyPairSync } from "node:crypto";
import type { JWK } from "jose";

/** A child's own credential: an Ed25519 key pair as JSON Web Keys. The private half never leaves the child. */
export interface NodeKey {
  readonly privateKey: JWK;
  readonly publicKey: JWK;
}

/** Makes a fresh key pair. See RFC 8037 §2. */
export function newNodeKey(): NodeKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKey: privateKey.export({ format: "jwk" }) as JWK,
    publicKey: publicKey.export({ format: "jwk" }) as JWK,
  };
}

/** The public half as its one spelling, or `undefined` when the value is no Ed25519 public key. */
export function canonicalPublicKey(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kty, crv, x } = value as Record<string, unknown>;
  if (kty !== "OKP" || crv !== "Ed25519" || typeof x !== "string" || !/^[A-Za-z0-9_-]{43}$/.test(x)) return undefined;
  return JSON.stringify({ kty, crv, x });
}
