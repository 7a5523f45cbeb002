import { type Database, openDatabase } from "@tributary/database";
import { type Clock, type Logger, type Random, silentLogger, systemClock, systemRandom } from "@tributary/kernel";
import type { CatchmentStrategy, Exchange, PolicyRule } from "@tributary/sync";
import type { NodeConfig } from "../config/config-schema.ts";
import type { LogTail } from "../log/log-tail.ts";
import { requireNodeIdentity } from "./node-identity.ts";
import { migrateNode } from "./node-timeline.ts";

/** What a node gets from the world around it; the machine's own, and no log, when left out. */
export interface NodeSurroundings {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
  /** The last lines of that log, for those who help. */
  readonly logTail?: LogTail;
  /** The line to its parent; HTTP when left out. */
  readonly exchange?: Exchange;
  /** Merge rules in code, strategies among them; asked after those of the configuration. */
  readonly policies?: readonly PolicyRule[];
  /** A site's own ways to choose the patients of a catchment, besides those of the configuration. */
  readonly catchmentStrategies?: readonly CatchmentStrategy[];
  /** Whether it opens without what is set while it runs, where that cannot be used any more. */
  readonly withoutUnusableSettings?: boolean;
  /** Stands between the node and its database, so that a simulation can let the disk fail. */
  readonly guardDatabase?: (database: Database) => Database;
}

/**
 * Opens the database of a node, brings it to this version's schema, and makes sure that it is this node's.
 *
 * Throws `DATABASE_UNAVAILABLE`, `DATABASE_NEWER`, or `CONFIG_INVALID` when it belongs to another node.
 */
export async function openNodeDatabase(
  config: Pick<NodeConfig, "database" | "node">,
  { clock = systemClock, random = systemRandom, logger = silentLogger, guardDatabase }: NodeSurroundings = {},
): Promise<Database> {
  const opened = await openDatabase({
    address: config.database,
    clock,
    random,
    onHookError: (thrown) => {
      const err = thrown instanceof Error ? thrown : new Error(String(thrown));
      logger.error({ err }, "A listener failed after its transaction had ended.");
    },
  });
  const database = guardDatabase?.(opened) ?? opened;
  try {
    await migrateNode(database);
    await requireNodeIdentity(database, config.node.id);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
