import type { Database } from "@tributary/database";
import { type Clock, isErrorCode, type Logger, type NodeId, newUuid, type Random } from "@tributary/kernel";
import { takeNewIncarnation } from "./take-new-incarnation.ts";

export interface HealOptions {
  readonly database: Database;
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/**
 * Does some work with the parent; when the parent says that this node was restored from a backup, operations are named
 * afresh and the work is done once more. What the node has lost comes back by the pull: its marker is an earlier one too.
 */
export async function healingRestored<Result>(
  parent: string,
  { database, nodeId, clock, random, logger }: HealOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isReused = isErrorCode(error, "OPERATION_REUSED");
    if (!isReused && !isErrorCode(error, "CHILD_RESTORED")) throw error;
    logger.warn({ parent, code: error.code }, "This node was restored from a backup; it names its operations afresh.");
    await takeNewIncarnation(database, parent, nodeId, {
      incarnation: newUuid(clock, random).slice(-12),
      now: clock.now(),
      everyUnit: isReused,
    });
    return work();
  }
}
