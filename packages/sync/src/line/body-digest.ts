import { hash } from "node:crypto";

/** Header in which either end tells the digest of the body that it sends, before any compression. */
export const digestHeader = "tributary-digest";

/** 16 bytes of the SHA-256: chance will not hit it, and the token, not the digest, keeps forgers out. */
const digestCharacters = 22;

/** The digest of a body, as the header tells it. */
export function digestOfBody(body: string | Uint8Array): string {
  return hash("sha256", body, "base64url").slice(0, digestCharacters);
}
