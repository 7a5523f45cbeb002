import type { Random } from "@tributary/kernel";

/** 90 random bits, as letters that nobody mistakes for one another. */
const passwordBytes = 18;
const passwordLetters = "abcdefghijkmnpqrstuvwxyz23456789";

/** Makes up a password that can be read out and typed. */
export function newPassword(random: Random): string {
  return Array.from(random.bytes(passwordBytes), (byte) => passwordLetters[byte % passwordLetters.length]).join("");
}
