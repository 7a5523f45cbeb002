import type { Clock } from "@tributary/kernel";

/** Seconds since a moment, to the hundredth. */
export function secondsSince(startedAt: number, clock: Clock): number {
  return Math.round((clock.now() - startedAt) / 10) / 100;
}
