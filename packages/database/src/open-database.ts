import { resolve } from "node:path";
import { type Clock, type Random, systemClock, systemRandom } from "@tributary/kernel";
import type { Database } from "./database.ts";
import type { HookErrorReporter } from "./transaction-hooks.ts";

/** Enough for sixteen writers beside the readers of one process; a PostgreSQL server allows 100 in all by default. */
const connectionsMaxDefault = 20;

/** Where the database is, and how it is opened. */
export interface OpenDatabaseOptions {
  /** A `postgres://` URL, or the path of a SQLite file (made when it is missing, its folder is not). */
  readonly address: string;
  /** PostgreSQL only: connections at most. */
  readonly connectionsMax?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Told what `afterCommit` and `afterRollback` hooks throw. */
  readonly onHookError?: HookErrorReporter;
}

/**
 * Opens a node's database, SQLite or PostgreSQL by its address. It makes no tables: see `migrate`.
 *
 * Throws `DATABASE_UNAVAILABLE` when it cannot be opened or reached.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { address, clock = systemClock, random = systemRandom, onHookError = () => {} } = options;
  if (/^postgres(ql)?:/.test(address)) {
    const { PostgresDatabase } = await import("./postgres/postgres-database.ts");
    const connectionsMax = options.connectionsMax ?? connectionsMaxDefault;
    return PostgresDatabase.open({ url: address, connectionsMax }, clock, random, onHookError);
  }
  const { SqliteDatabase } = await import("./sqlite/sqlite-database.ts");
  return new SqliteDatabase(resolve(address.replace(/^sqlite:(\/\/)?/, "")), clock, random, onHookError);
}
