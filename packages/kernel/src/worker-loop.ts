import { type BackoffPlan, nextDelay } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { TributaryError } from "./errors/tributary-error.ts";
import type { Logger } from "./logger.ts";
import type { Random } from "./random.ts";

/** What one round of work came to: `busy` asks for the next round at once, `idle` waits for a wake or the poll. */
export type RoundOutcome = "busy" | "idle";

/** What a loop does in each round, and how it waits between them. */
export interface WorkerLoopOptions {
  /** Names the worker in the log. */
  readonly name: string;
  /** One round. It should end soon after `signal` aborts; what it throws is logged and tried again after a back-off. */
  readonly round: (signal: AbortSignal) => Promise<RoundOutcome>;
  /** How long to wait for a wake after an idle round; a function is asked after each. */
  readonly pollMs: number | (() => number);
  readonly backoff: BackoffPlan;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/**
 * Runs one worker's rounds, one at a time, until it is disposed: at once while there is work, on a wake, on a poll, and
 * after a growing pause when a round fails.
 *
 * States: running a round → waiting (idle) or backing off (failed) → … → stopped. `wake()` ends an idle wait and is
 * remembered while a round runs; it does not shorten a back-off. Disposal aborts the round's signal and resolves when
 * the round has ended.
 */
export class WorkerLoop implements AsyncDisposable {
  readonly #options: WorkerLoopOptions;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #interruptWait = new AbortController();
  #woken = false;

  constructor(options: WorkerLoopOptions) {
    this.#options = options;
    this.#ended = this.#run();
  }

  /** Says that there may be work. Cheap, and harmless when there is none. */
  wake(): void {
    this.#woken = true;
    this.#interruptWait.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#interruptWait.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { round, clock, random, backoff, pollMs, logger, name } = this.#options;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      this.#woken = false;
      try {
        const outcome = await round(this.#stop.signal);
        failures = 0;
        if (outcome === "idle") await this.#waitForWake(typeof pollMs === "number" ? pollMs : pollMs());
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        failures += 1;
        const delayMs = nextDelay(failures, backoff, random) + pauseAskedFor(error);
        logger.warn(
          { worker: name, failures, delayMs, err: error instanceof Error ? error : new Error(String(error)) },
          "A round failed; it will be tried again.",
        );
        await clock.sleep(delayMs, this.#stop.signal);
      }
    }
  }

  async #waitForWake(pollMs: number): Promise<void> {
    if (this.#woken || this.#stop.signal.aborted) return;
    this.#interruptWait = new AbortController();
    await this.#options.clock.sleep(pollMs, this.#interruptWait.signal);
  }
}

/** The pause that the far side asks for; the back-off is added, so that those who were told the same come apart. */
function pauseAskedFor(error: unknown): number {
  return (error instanceof TributaryError && error.retryAfterMs) || 0;
}
