import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { type Clock, type Random, TributaryError } from "@tributary/kernel";
import type { CompiledQuery } from "kysely";
import type { Database } from "../database.ts";
import { asDatabaseError, isSqliteBusy } from "../errors.ts";
import type { Reader } from "../reader.ts";
import { type Sql, type SqlValue, sql } from "../sql.ts";
import type { Transaction } from "../transaction.ts";
import type { HookErrorReporter } from "../transaction-hooks.ts";
import { SharedCommit } from "./shared-commit.ts";
import { SqliteConnection } from "./sqlite-connection.ts";

/** Brings what the log holds into the file and cuts the log to nothing; old pages would stay in it otherwise. */
const emptyLog = sql("pragma wal_checkpoint(truncate)");

/** Snapshots open at one time; a further one waits for a connection. */
const snapshotsMax = 4;

/** A database in one SQLite file: one connection writes, others read beside it. */
export class SqliteDatabase implements Database {
  readonly dialect = "sqlite";
  readonly #file: string;
  readonly #writer: SqliteConnection;
  readonly #reader: SqliteConnection;
  readonly #commits: SharedCommit;
  readonly #idleSnapshots: SqliteConnection[] = [];
  readonly #waitingForSnapshot: ((connection: SqliteConnection) => void)[] = [];
  #snapshots = 0;
  #isClosed = false;

  constructor(file: string, clock: Clock, random: Random, report: HookErrorReporter) {
    this.#file = file;
    this.#writer = openOrExplain(file, "read-write");
    this.#reader = openOrExplain(file, "read-only");
    this.#commits = new SharedCommit(this.#writer, file, clock, random, report);
  }

  async all<Row>(statement: Sql, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#openReader().all(statement, parameters);
  }

  async first<Row>(statement: Sql, parameters: readonly SqlValue[] = []): Promise<Row | undefined> {
    return this.#openReader().first(statement, parameters);
  }

  async query<Row>(query: CompiledQuery<Row>): Promise<Row[]> {
    return this.#openReader().query(query);
  }

  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) return Promise.reject(closedError(this.#file));
    return this.#commits.run(work);
  }

  async snapshot<Result>(work: (reader: Reader) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw closedError(this.#file);
    const connection = await this.#takeSnapshotConnection();
    try {
      connection.control("begin");
      return await work(readerOver(connection));
    } finally {
      if (connection.isInTransaction) connection.control("commit");
      this.#giveBack(connection);
    }
  }

  async scrub(): Promise<boolean> {
    if (this.#isClosed) throw closedError(this.#file);
    await this.#commits.idle();
    try {
      this.#writer.control("vacuum");
      const [checkpoint] = this.#writer.all<{ busy: number }>(emptyLog, []);
      return checkpoint?.busy === 0;
    } catch (error) {
      if (isSqliteBusy(error)) return false;
      throw asDatabaseError(error, this.#file);
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#commits.idle();
    for (const connection of this.#idleSnapshots) connection.close();
    this.#reader.close();
    this.#writer.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #openReader(): SqliteConnection {
    if (this.#isClosed) throw closedError(this.#file);
    return this.#reader;
  }

  async #takeSnapshotConnection(): Promise<SqliteConnection> {
    const idle = this.#idleSnapshots.pop();
    if (idle) return idle;
    if (this.#snapshots < snapshotsMax) {
      this.#snapshots += 1;
      return openOrExplain(this.#file, "read-only");
    }
    return new Promise((resolve) => this.#waitingForSnapshot.push(resolve));
  }

  #giveBack(connection: SqliteConnection): void {
    const next = this.#waitingForSnapshot.shift();
    if (next) next(connection);
    else if (this.#isClosed) connection.close();
    else this.#idleSnapshots.push(connection);
  }
}

function readerOver(connection: SqliteConnection): Reader {
  return {
    dialect: "sqlite",
    all: async (statement, parameters = []) => connection.all(statement, parameters),
    first: async (statement, parameters = []) => connection.first(statement, parameters),
    query: async (query) => connection.query(query),
  };
}

function openOrExplain(file: string, mode: "read-write" | "read-only"): SqliteConnection {
  if (!existsSync(dirname(file))) {
    throw new TributaryError("DATABASE_UNAVAILABLE", `The folder ${dirname(file)} for the database does not exist.`);
  }
  try {
    return SqliteConnection.open(file, mode);
  } catch (error) {
    throw asDatabaseError(error, file);
  }
}

function closedError(file: string): TributaryError {
  return new TributaryError("DATABASE_UNAVAILABLE", `The database ${file} has been closed.`);
}
