import { randomFillSync } from "node:crypto";

/** The only source of chance, so that a run can be replayed from its seed. */
export interface Random {
  /** A number from 0 up to, but not including, 1. */
  next(): number;
  /** `length` fresh random bytes. */
  bytes(length: number): Uint8Array;
}

const poolBytes = 4096;

/** Chance from the operating system, fit for secrets. */
export const systemRandom: Random = (() => {
  const pool = new Uint8Array(poolBytes);
  let used = poolBytes;
  const bytes = (length: number): Uint8Array => {
    if (length > poolBytes) return randomFillSync(new Uint8Array(length));
    if (used + length > poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    const taken = pool.slice(used, used + length);
    pool.fill(0, used, used + length);
    used += length;
    return taken;
  };
  return {
    bytes,
    next: () => new DataView(bytes(4).buffer).getUint32(0) / 2 ** 32,
  };
})();

/**
 * A repeatable stream of chance for tests, demonstrations and simulations; never for secrets.
 *
 * The generator is `mulberry32`: 32 bits of state, a period of 2³² numbers.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, bytes: (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)) };
}
