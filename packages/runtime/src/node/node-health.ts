import type { Database } from "@tributary/database";
import { countQueuedEvents } from "@tributary/events";

/** Whether a node can work, as far as its database tells. */
export interface NodeHealth {
  /** Committed changes that wait for their place in the log: near 0 while the sequencer keeps up. */
  readonly queued: number;
}

/** Asks the database something cheap. Throws `DATABASE_UNAVAILABLE` when it does not answer. */
export async function readNodeHealth(database: Database): Promise<NodeHealth> {
  return { queued: await countQueuedEvents(database) };
}
