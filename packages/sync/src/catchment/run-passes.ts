import type { Database } from "@tributary/database";
import { type Clock, type Logger, type Random, WorkerLoop } from "@tributary/kernel";
import type { Memberships } from "./memberships.ts";
import { continuePasses } from "./passes.ts";

/** How often a node looks for a pass that another process has asked for. */
const lookEveryMs = 2_000;

export interface RunPassesOptions {
  readonly database: Database;
  readonly memberships: Memberships;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Begins to decide about all patients, portion by portion, whenever a rule or the places have changed. */
export function runCatchmentPasses({ database, memberships, ...surroundings }: RunPassesOptions): WorkerLoop {
  return new WorkerLoop({
    name: "catchment-passes",
    pollMs: lookEveryMs,
    backoff: { firstMs: 1_000, maximumMs: 60_000 },
    round: async () => ((await continuePasses(database, memberships, surroundings.clock)) ? "busy" : "idle"),
    ...surroundings,
  });
}
