import type { Database } from "@tributary/database";
import type { EventBus } from "@tributary/events";
import { resourceSaved } from "@tributary/fhir";
import { type BackoffPlan, type Logger, WorkerLoop } from "@tributary/kernel";
import type { JudgeOptions } from "./judge-options.ts";
import { releaseAllDue } from "./release-parked.ts";

/** Records that are saved within this time are looked at together; a parked unit has waited longer than that. */
const gatherMs = 200;
/** What comes without being heard of, such as a record that another process writes, is noticed after this time. */
const pollMs = 30_000;
const backoff: BackoffPlan = { firstMs: 1_000, maximumMs: 60_000 };

export interface ParkedReleaseOptions extends JudgeOptions {
  readonly database: Database;
  readonly bus: EventBus;
  readonly logger: Logger;
}

/**
 * Begins to judge parked units as soon as what they lack is there, by whatever way it came: a write over FHIR, a pull, a
 * load. What was due when the node was last stopped is judged at once. Runs until it is disposed.
 */
export function openParkedRelease(options: ParkedReleaseOptions): AsyncDisposable {
  const { database, bus, clock, random, logger } = options;
  const loop = new WorkerLoop({
    name: "parked-release",
    pollMs,
    backoff,
    clock,
    random,
    logger,
    round: async (signal) => {
      const judged = await releaseAllDue(database, options, signal);
      if (judged > 0) logger.info({ judged }, "Parked units were judged, since what they lacked has come.");
      await clock.sleep(gatherMs, signal);
      return "idle";
    },
  });
  const subscription = bus.on(resourceSaved.any, "after-commit", () => loop.wake());
  return {
    async [Symbol.asyncDispose]() {
      subscription[Symbol.dispose]();
      await loop[Symbol.asyncDispose]();
    },
  };
}
