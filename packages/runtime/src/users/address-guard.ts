import type { Clock } from "@tributary/kernel";

/** What one address may get wrong in a quarter of an hour: a ward that shares one, and no guesser. */
const failuresMax = 30;
const windowMs = 15 * 60_000;
/** Addresses that are remembered; the one that failed longest ago gives way. */
const addressesMax = 10_000;

/** Counts wrong passwords by the address that they come from, in bounded memory, and forgets them with a restart. */
export class AddressGuard {
  readonly #clock: Clock;
  /** In the order of the last failure, the oldest first. */
  readonly #failures = new Map<string, { count: number; since: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long an address has to wait before it may try again; 0 when it may. */
  waitMs(address: string): number {
    const known = this.#failures.get(address);
    if (!known || known.count < failuresMax) return 0;
    return Math.max(0, known.since + windowMs - this.#clock.now());
  }

  /** Notes that an address got something wrong. */
  note(address: string): void {
    const now = this.#clock.now();
    const known = this.#failures.get(address);
    const goesOn = known !== undefined && now - known.since < windowMs;
    this.#failures.delete(address);
    this.#failures.set(address, goesOn ? { count: known.count + 1, since: known.since } : { count: 1, since: now });
    if (this.#failures.size <= addressesMax) return;
    for (const oldest of this.#failures.keys()) {
      this.#failures.delete(oldest);
      break;
    }
  }
}
