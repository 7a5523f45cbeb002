import type { Random } from "@tributary/kernel";

/** One of several values, each as likely as the others. */
export function pick<Value>(random: Random, values: readonly Value[]): Value {
  return values[Math.floor(random.next() * values.length)]!;
}

/** A whole number from `least` to `most`, both included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random.next() * (most - least + 1));
}

/** `true` with this probability. */
export function happens(random: Random, probability: number): boolean {
  return random.next() < probability;
}

/** A decimal with exactly so many digits after the point, which the JSON text keeps: `37.10` stays `37.10`. */
export function decimal(random: Random, least: number, most: number, digits: number): unknown {
  return JSON.rawJSON((least + random.next() * (most - least)).toFixed(digits));
}

/** A UUID that the seed determines; fit to tell the entries of one Bundle apart. */
export function seededUuid(random: Random): string {
  const hex = Buffer.from(random.bytes(16)).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

declare global {
  interface JSON {
    /** Writes a number into JSON text digit by digit. */
    rawJSON(text: string): unknown;
  }
}
