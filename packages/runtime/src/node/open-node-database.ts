import { type Database, openDatabase } from "@tributary/database";
import { type Clock, type Logger, type Random, silentLogger, systemClock, systemRandom } from "@tributary/kernel";
import type { NodeConfig } from "../config/config-schema.ts";
import { requireNodeIdentity } from "./node-identity.ts";
import { migrateNode } from "./node-timeline.ts";

/** Where a node gets its time, chance and log from; the machine's own and no log when left out. */
export interface NodeSurroundings {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

/**
 * Opens the database of a node, brings it to this version's schema, and makes sure that it is this node's.
 *
 * Throws `DATABASE_UNAVAILABLE`, `DATABASE_NEWER`, or `CONFIG_INVALID` when it belongs to another node.
 */
export async function openNodeDatabase(
  config: Pick<NodeConfig, "database" | "node">,
  { clock = systemClock, random = systemRandom, logger = silentLogger }: NodeSurroundings = {},
): Promise<Database> {
  const database = await openDatabase({
    address: config.database,
    clock,
    random,
    onHookError: (thrown) => {
      const err = thrown instanceof Error ? thrown : new Error(String(thrown));
      logger.error({ err }, "A listener failed after its transaction had ended.");
    },
  });
  try {
    await migrateNode(database);
    await requireNodeIdentity(database, config.node.id);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
