import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  hkdfSync,
  sign,
  verify,
} from "node:crypto";
import type { JWK } from "jose";

const purpose = "tributary carried file 1";
const tagBytes = 16;

/** Bytes of a signature at the end of a file: Ed25519, RFC 8032. */
export const signatureBytes = 64;

/** Seals or opens the parts of one file. Each is bound to its place, and to being the last one or not. */
export interface PartCipher {
  seal(part: Uint8Array, place: number, isLast: boolean): Buffer;
  /** Throws when a single bit of the part, its place, or its being the last is not what was sealed. */
  open(sealed: Uint8Array, place: number, isLast: boolean): Buffer;
}

/** A key pair that is used for one file and forgotten: its public half stands in the file's head. */
export function newFileKey(): { readonly publicKey: JWK; readonly privateKey: JWK } {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  return {
    publicKey: publicKey.export({ format: "jwk" }) as JWK,
    privateKey: privateKey.export({ format: "jwk" }) as JWK,
  };
}

/**
 * The cipher of a file: X25519 between the file's key and the receiver's, HKDF-SHA256 over that and the file's head, and
 * AES-256-GCM for each part. As the key is used for one file only, a part's place can be its nonce.
 */
export function partCipher(privateKey: JWK, publicKey: JWK, head: Uint8Array): PartCipher {
  const secret = diffieHellman({
    privateKey: createPrivateKey({ key: privateKey as never, format: "jwk" }),
    publicKey: createPublicKey({ key: publicKey as never, format: "jwk" }),
  });
  const key = new Uint8Array(hkdfSync("sha256", secret, hash("sha256", head, "buffer"), purpose, 32));
  return {
    seal(part, place, isLast) {
      const cipher = createCipheriv("aes-256-gcm", key, nonceOf(place, isLast));
      return Buffer.concat([cipher.update(part), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, place, isLast) {
      const end = sealed.byteLength - tagBytes;
      const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(place, isLast), { authTagLength: tagBytes });
      decipher.setAuthTag(sealed.subarray(end));
      return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
    },
  };
}

/** Signs the digest of all that comes before the signature. */
export function signFile(digest: Uint8Array, privateKey: JWK): Buffer {
  return sign(null, signed(digest), createPrivateKey({ key: privateKey as never, format: "jwk" }));
}

/** Whether a signature is that of the key's owner. */
export function isSignedBy(digest: Uint8Array, signature: Uint8Array, publicKey: JWK): boolean {
  return verify(null, signed(digest), createPublicKey({ key: publicKey as never, format: "jwk" }), signature);
}

/** The same key signs tokens, whose text has no line break: neither can be taken for the other. */
function signed(digest: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${purpose}\n`), digest]);
}

function nonceOf(place: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt8(isLast ? 1 : 0, 0);
  nonce.writeUInt32BE(place, 8);
  return nonce;
}
