import { type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import type { Random } from "@tributary/kernel";

/** 32 MB and about a tenth of a second for each guess, which is what makes guessing dear. RFC 7914 §2. */
const cost = { N: 2 ** 15, r: 8, p: 1 } as const;
/** More than the parameters need, and a bound for those that a stored hash names. */
const memoryMax = 256 * 1024 * 1024;
const saltBytes = 16;
const keyBytes = 32;
const stored = /^scrypt\$N=(\d{1,8}),r=(\d{1,3}),p=(\d{1,3})\$([\w-]{8,64})\$([\w-]{43})$/;

/** Makes what is kept of a password: `scrypt$N=…,r=…,p=…$salt$key`, so that later ones can cost more. */
export async function hashPassword(password: string, random: Random): Promise<string> {
  const salt = Buffer.from(random.bytes(saltBytes));
  const key = await derive(password, salt, cost);
  return `scrypt$N=${cost.N},r=${cost.r},p=${cost.p}$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** Whether a password is the one of a hash. It takes as long when it is not, and when the hash is of nobody. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, n, r, p, salt = "", key = ""] = stored.exec(hash) ?? [];
  if (n === undefined) return false;
  const derived = await derive(password, Buffer.from(salt, "base64url"), { N: Number(n), r: Number(r), p: Number(p) });
  return timingSafeEqual(derived, Buffer.from(key, "base64url"));
}

/** A hash that no password has, to be asked when nobody has a name, so that the time tells nothing. */
export const hashOfNobody = `scrypt$N=${cost.N},r=${cost.r},p=${cost.p}$${"A".repeat(22)}$${"A".repeat(43)}`;

/** The same letters typed on another keyboard are the same password. */
function derive(password: string, salt: Uint8Array, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, keyBytes, { ...options, maxmem: memoryMax }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
