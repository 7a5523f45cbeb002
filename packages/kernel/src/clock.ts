import { setTimeout as delay } from "node:timers/promises";

/** Tells the time and waits; the only source of both, so that a simulation can own them. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. It may jump either way: order must never rest on it. */
  now(): number;
  /** Resolves after `durationMs`, or as soon as `signal` aborts; it never rejects. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(durationMs, signal) {
    await delay(durationMs, undefined, signal ? { signal } : {}).catch(() => {});
  },
};
