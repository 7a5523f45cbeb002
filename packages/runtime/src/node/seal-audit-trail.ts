import { sealAuditEntries } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { type Clock, type Logger, type Random, WorkerLoop } from "@tributary/kernel";

/** How long an entry may stand without its place in the chain; until then nothing would show that it was altered. */
const sealEveryMs = 2_000;
/** The longest pause between two rounds, so that sealing keeps up where the database itself is slow. */
const pauseMaxMs = 50;

/**
 * Begins to give audit entries their places in the chain, soon after their transactions have committed. Where many have
 * gathered, a round is followed by a pause as long as it took: everything else that the node does is answered meanwhile.
 */
export function sealAuditTrail(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}): WorkerLoop {
  const { database, ...surroundings } = options;
  const { clock } = surroundings;
  return new WorkerLoop({
    name: "audit-seal",
    pollMs: sealEveryMs,
    backoff: { firstMs: 1_000, maximumMs: 60_000 },
    round: async (signal) => {
      const startedAt = clock.now();
      if ((await sealAuditEntries(database)) === 0) return "idle";
      const took = clock.now() - startedAt;
      if (took > 0) await clock.sleep(Math.min(took, pauseMaxMs), signal);
      return "busy";
    },
    ...surroundings,
  });
}
