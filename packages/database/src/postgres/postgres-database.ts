import { type Clock, newUuid, nextDelay, type Random, TributaryError } from "@tributary/kernel";
import type { CompiledQuery } from "kysely";
import type { Pool, PoolClient } from "pg";
import type { Database } from "../database.ts";
import { asDatabaseError, isLostRace, lostConnection } from "../errors.ts";
import type { Reader } from "../reader.ts";
import type { Sql, SqlValue } from "../sql.ts";
import type { Transaction } from "../transaction.ts";
import { type HookErrorReporter, TransactionHooks } from "../transaction-hooks.ts";
import { PostgresConnection, useDriverDefaults, valueTypes } from "./postgres-connection.ts";
import { PostgresTransaction } from "./postgres-transaction.ts";

/** How often a transaction that lost a race is done again before its error is passed on. */
const attemptsMax = 5;
const attemptBackoff = { firstMs: 5, maximumMs: 100 };
/** A transaction left open by a stuck caller is ended by the server, since it holds locks that others wait for. */
const idleInTransactionMs = 60_000;

export interface PostgresOptions {
  readonly url: string;
  /** Connections at most; each carries one transaction at a time. */
  readonly connectionsMax: number;
}

/** A database in PostgreSQL, which several processes may share. */
export class PostgresDatabase implements Database {
  readonly dialect = "postgres";
  readonly #pool: Pool;
  readonly #where: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #report: HookErrorReporter;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #connections = new WeakMap<PoolClient, PostgresConnection>();
  /** Connections that the server has ended, also while they were in use. */
  readonly #lost = new WeakSet<PoolClient>();
  #isClosed = false;

  private constructor(pool: Pool, where: string, clock: Clock, random: Random, report: HookErrorReporter) {
    this.#pool = pool;
    this.#where = where;
    this.#clock = clock;
    this.#random = random;
    this.#report = report;
    // The pool listens to idle connections only, and an error to which nobody listens ends the process.
    pool.on("connect", (client) => client.on("error", () => void this.#lost.add(client)));
  }

  /** Connects once, so that a wrong address or password is told at the start. */
  static async open(
    options: PostgresOptions,
    clock: Clock,
    random: Random,
    report: HookErrorReporter,
  ): Promise<PostgresDatabase> {
    const { default: pg } = await import("pg");
    useDriverDefaults(pg.types.getTypeParser as (oid: number, format: string) => (value: string) => unknown);
    const where = addressOf(options.url);
    const pool = new pg.Pool({
      connectionString: options.url,
      max: options.connectionsMax,
      types: valueTypes,
      application_name: "tributary",
      idle_in_transaction_session_timeout: idleInTransactionMs,
      options: "-c synchronous_commit=on -c timezone=UTC -c default_transaction_isolation=read\\ committed",
    });
    pool.on("error", () => {
      // An idle connection broke; the pool has dropped it and the next use opens another one.
    });
    const database = new PostgresDatabase(pool, where, clock, random, report);
    try {
      await pool.query("select 1");
    } catch (error) {
      await pool.end();
      throw asDatabaseError(error, where);
    }
    return database;
  }

  all<Row>(statement: Sql, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#withConnection((connection) => connection.all<Row>(statement, parameters));
  }

  async first<Row>(statement: Sql, parameters: readonly SqlValue[] = []): Promise<Row | undefined> {
    const rows = await this.all<Row>(statement, parameters);
    return rows[0];
  }

  query<Row>(query: CompiledQuery<Row>): Promise<Row[]> {
    return this.#withConnection((connection) => connection.query(query));
  }

  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(work);
      } catch (error) {
        if (!isLostRace(error) || attempt === attemptsMax) throw asDatabaseError(error, this.#where);
        await this.#clock.sleep(nextDelay(attempt, attemptBackoff, this.#random));
      }
    }
  }

  snapshot<Result>(work: (reader: Reader) => Promise<Result>): Promise<Result> {
    return this.#withConnection(async (connection) => {
      await connection.execute("begin isolation level repeatable read read only");
      try {
        return await work(readerOver(connection));
      } finally {
        await connection.execute("commit");
      }
    });
  }

  async scrub(): Promise<boolean> {
    await this.#withConnection((connection) => connection.execute("vacuum"));
    return true;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // The pool forgets whoever waits for a connection when it ends; so it ends when nobody does any more.
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    await this.#pool.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #attempt<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.#withConnection(async (connection) => {
      const hooks = new TransactionHooks(this.#report);
      const tx = new PostgresTransaction(connection, newUuid(this.#clock, this.#random), hooks);
      let isOpen = false;
      let result: Result;
      try {
        await connection.execute("begin");
        isOpen = true;
        result = await work(tx);
        await hooks.runBeforeCommit();
        isOpen = false;
        await connection.execute("commit");
      } catch (error) {
        if (isOpen) await connection.execute("rollback").catch(() => {});
        void this.#keep(hooks.rolledBack());
        throw error;
      }
      void this.#keep(hooks.committed());
      return result;
    });
  }

  async #withConnection<Result>(use: (connection: PostgresConnection) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) {
      throw new TributaryError("DATABASE_UNAVAILABLE", `The database ${this.#where} has been closed.`);
    }
    return this.#keep(this.#useConnection(use));
  }

  async #useConnection<Result>(use: (connection: PostgresConnection) => Promise<Result>): Promise<Result> {
    let client: PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw asDatabaseError(error, this.#where);
    }
    let broken = false;
    try {
      return await use(this.#connectionOf(client));
    } catch (error) {
      const told = this.#lost.has(client) ? lostConnection(error, this.#where) : asDatabaseError(error, this.#where);
      broken = told instanceof TributaryError && told.code === "DATABASE_UNAVAILABLE";
      throw told;
    } finally {
      client.release(broken);
    }
  }

  #connectionOf(client: PoolClient): PostgresConnection {
    let connection = this.#connections.get(client);
    if (!connection) {
      connection = new PostgresConnection(client);
      this.#connections.set(client, connection);
    }
    return connection;
  }

  /** Has `close` wait for something; what it comes to is the caller's. */
  #keep<Result>(running: Promise<Result>): Promise<Result> {
    const forget = () => void this.#underWay.delete(running);
    this.#underWay.add(running);
    running.then(forget, forget);
    return running;
  }
}

function readerOver(connection: PostgresConnection): Reader {
  return {
    dialect: "postgres",
    all: (statement, parameters = []) => connection.all(statement, parameters),
    first: async <Row>(statement: Sql, parameters: readonly SqlValue[] = []) =>
      (await connection.all<Row>(statement, parameters))[0],
    query: (query) => connection.query(query),
  };
}

/** The address without user and password, fit for messages. */
function addressOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `postgres://${hostname}${port ? `:${port}` : ""}${pathname}`;
  } catch {
    throw new TributaryError(
      "CONFIG_INVALID",
      "The database address is no valid URL; write postgres://USER:PASSWORD@HOST/NAME.",
    );
  }
}
