import type { Clock } from "@tributary/kernel";
import { refuse } from "../refuse.ts";

/** Screens that may be open at one time; each holds a connection. */
const watchersMax = 100;
/** How often the node is looked at while somebody watches. */
const lookEveryMs = 2_000;
/** A line that says nothing is cut by some proxies after half a minute. */
const sayEveryMs = 15_000;

/** What the screens are told to ask for anew, each with something that changes when it does. */
export type Look = () => Promise<Readonly<Record<string, string>>>;

/**
 * Tells any number of open screens what has changed. The node is looked at once for all of them, and only while somebody
 * watches. Each is told as fast as it reads: what changed meanwhile is told once, and nothing is heaped up.
 */
export class Watchers {
  readonly #clock: Clock;
  readonly #look: Look;
  #watching = 0;
  #seen: Readonly<Record<string, string>> = {};
  #seenAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(look: Look, clock: Clock) {
    this.#look = look;
    this.#clock = clock;
  }

  /** How many follow at this moment. */
  get count(): number {
    return this.#watching;
  }

  /** The events for one screen until `signal` aborts. Throws a refusal when too many follow. */
  follow(signal: AbortSignal): AsyncIterable<string> {
    if (this.#watching >= watchersMax) {
      const head = { status: 503, code: "too-many", headers: { "retry-after": "60" } } as const;
      throw refuse(head, "too-many-screens", { most: String(watchersMax) });
    }
    this.#watching += 1;
    return this.#events(signal);
  }

  async *#events(signal: AbortSignal): AsyncGenerator<string> {
    try {
      yield "retry: 5000\n\n";
      let told: Readonly<Record<string, string>> = {};
      let quietSince = this.#clock.now();
      while (!signal.aborted) {
        await this.#lookAgain();
        const changed = Object.keys(this.#seen).filter((name) => this.#seen[name] !== told[name]);
        told = this.#seen;
        const now = this.#clock.now();
        if (changed.length > 0) {
          const at = JSON.stringify({ at: now });
          yield changed.map((name) => `event: ${name}\ndata: ${at}\n\n`).join("");
          quietSince = now;
        } else if (now - quietSince >= sayEveryMs) {
          yield ": here\n\n";
          quietSince = now;
        }
        if (!signal.aborted) await this.#clock.sleep(lookEveryMs, signal);
      }
    } finally {
      this.#watching -= 1;
    }
  }

  /** A screen that cannot be told anything new, since the database is away, is told nothing. */
  async #lookAgain(): Promise<void> {
    if (this.#clock.now() - this.#seenAt < lookEveryMs / 2) return;
    this.#looking ??= this.#look()
      .then((seen) => {
        this.#seen = seen;
        this.#seenAt = this.#clock.now();
      })
      .catch(() => {})
      .finally(() => {
        this.#looking = undefined;
      });
    await this.#looking;
  }
}
