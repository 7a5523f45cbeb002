import { sealAuditEntries } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { type Clock, type Logger, type Random, WorkerLoop } from "@tributary/kernel";

/** How long an entry may stand without its place in the chain; until then nothing would show that it was altered. */
const sealEveryMs = 2_000;
/** The longest pause between two slices, so that sealing keeps up where the database itself is slow. */
const pauseMaxMs = 50;
/** Pauses in a row at the most, so that sealing goes on at a node that is always busy. */
const pausesMost = 2;

/** For how many milliseconds the thread has worked and waited so far, as `performance.eventLoopUtilization` tells it. */
interface ThreadUse {
  readonly active: number;
  readonly idle: number;
}

/**
 * Begins to give audit entries their places in the chain, soon after their transactions have committed. Where many have
 * gathered, they are sealed in slices of some milliseconds. Each is followed by a pause as long as it took, and by another one
 * when others wanted the thread: whoever asks something of the node then waits for no more than one slice at a time.
 */
export function sealAuditTrail(options: {
  readonly database: Database;
  readonly threadUse: () => ThreadUse;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}): WorkerLoop {
  const { database, threadUse, ...surroundings } = options;
  const { clock } = surroundings;
  return new WorkerLoop({
    name: "audit-seal",
    pollMs: sealEveryMs,
    backoff: { firstMs: 1_000, maximumMs: 60_000 },
    round: async (signal) => {
      const startedAt = clock.now();
      if ((await sealAuditEntries(database)) === 0) return "idle";
      const took = clock.now() - startedAt;
      if (took > 0) await letOthersThrough(Math.min(took, pauseMaxMs), { clock, threadUse, signal });
      return "busy";
    },
    ...surroundings,
  });
}

/** Pauses once, and again as long as a pause in which others had more than half of the thread shows that they want it. */
async function letOthersThrough(
  pauseMs: number,
  {
    clock,
    threadUse,
    signal,
  }: { readonly clock: Clock; readonly threadUse: () => ThreadUse; readonly signal: AbortSignal },
): Promise<void> {
  for (let pauses = 0; pauses < pausesMost && !signal.aborted; pauses++) {
    const before = threadUse();
    await clock.sleep(pauseMs, signal);
    const after = threadUse();
    if (after.active - before.active <= after.idle - before.idle) return;
  }
}
