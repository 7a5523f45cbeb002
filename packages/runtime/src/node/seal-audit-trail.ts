import { sealAuditEntries } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { type Clock, type Logger, type Random, WorkerLoop } from "@tributary/kernel";

/** How long an entry may stand without its place in the chain; until then nothing would show that it was altered. */
const sealEveryMs = 2_000;

/** Begins to give audit entries their places in the chain, soon after their transactions have committed. */
export function sealAuditTrail(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}): WorkerLoop {
  const { database, ...surroundings } = options;
  return new WorkerLoop({
    name: "audit-seal",
    pollMs: sealEveryMs,
    backoff: { firstMs: 1_000, maximumMs: 60_000 },
    round: async () => ((await sealAuditEntries(database)) > 0 ? "busy" : "idle"),
    ...surroundings,
  });
}
