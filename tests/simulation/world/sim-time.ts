import type { Clock } from "@tributary/kernel";

/** The one true time of a simulated world, in milliseconds; it moves only when the simulation moves it. */
export class SimTime {
  now = Date.UTC(2026, 0, 5, 8);

  pass(ms: number): void {
    this.now += ms;
  }
}

/** What one node takes for the time: the world's, set wrong by some offset that may jump at any moment. */
export class SimClock implements Clock {
  offsetMs = 0;
  readonly #time: SimTime;

  constructor(time: SimTime) {
    this.#time = time;
  }

  now(): number {
    return this.#time.now + this.offsetMs;
  }

  /** Nobody waits in a simulation: time has passed. */
  async sleep(durationMs: number): Promise<void> {
    this.#time.pass(durationMs);
  }
}
