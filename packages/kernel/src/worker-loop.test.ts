import { describe, expect, it } from "vitest";
import type { Clock } from "./clock.ts";
import { type LogFields, silentLogger } from "./logger.ts";
import { seededRandom } from "./random.ts";
import { type RoundOutcome, WorkerLoop } from "./worker-loop.ts";

/** A clock whose sleeps end when the test says so, or when they are aborted. */
function handClock() {
  const sleeps: { readonly durationMs: number; readonly end: () => void }[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        sleeps.push({ durationMs, end: resolve });
        if (signal?.aborted) resolve();
        signal?.addEventListener("abort", () => resolve());
      }),
  };
  return { clock, sleeps };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function loopOf(round: (signal: AbortSignal) => Promise<RoundOutcome>, clock: Clock, logged: LogFields[] = []) {
  return new WorkerLoop({
    name: "test",
    round,
    pollMs: 1_000,
    backoff: { firstMs: 100, maximumMs: 10_000 },
    clock,
    random: seededRandom(1),
    logger: { ...silentLogger, warn: (fields) => void logged.push(fields) },
  });
}

describe("the worker loop", () => {
  it("goes on at once while there is work, then waits for the poll", async () => {
    const { clock, sleeps } = handClock();
    let rounds = 0;

    await using _loop = loopOf(async () => (++rounds < 3 ? "busy" : "idle"), clock);
    await turn();

    expect(rounds).toBe(3);
    expect(sleeps.map(({ durationMs }) => durationMs)).toEqual([1_000]);
  });

  it("ends an idle wait when it is woken, and remembers a wake that came during a round", async () => {
    const { clock, sleeps } = handClock();
    let rounds = 0;
    let duringRound = () => {};
    await using loop = loopOf(async () => {
      rounds += 1;
      duringRound();
      return "idle";
    }, clock);
    await turn();

    duringRound = () => {
      duringRound = () => {};
      loop.wake();
    };
    loop.wake();
    await turn();

    expect(rounds).toBe(3);
    expect(sleeps).toHaveLength(2);
  });

  it("waits longer after each failure in a row, and says so once each", async () => {
    const { clock, sleeps } = handClock();
    const logged: LogFields[] = [];
    await using _loop = loopOf(() => Promise.reject(new Error("no")), clock, logged);

    for (let failure = 1; failure <= 8; failure++) {
      await turn();
      expect(sleeps[failure - 1]!.durationMs).toBeLessThanOrEqual(Math.min(10_000, 100 * 2 ** (failure - 1)));
      sleeps[failure - 1]!.end();
    }

    expect(logged.map(({ failures }) => failures).slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("aborts its round when it is disposed, and waits for its end", async () => {
    const { clock } = handClock();
    let hasEnded = false;
    const loop = loopOf(async (signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await turn();
      hasEnded = true;
      return "idle";
    }, clock);
    await turn();

    await loop[Symbol.asyncDispose]();

    expect(hasEnded).toBe(true);
  });
});
