import type { Uuid } from "@tributary/kernel";
import type { CompiledQuery } from "kysely";
import type { Sql, SqlValue } from "../sql.ts";
import { insideTransaction, type Transaction } from "../transaction.ts";
import { TransactionHooks } from "../transaction-hooks.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** The work of one caller inside an open SQLite transaction. */
export class SqliteTransaction implements Transaction {
  readonly [insideTransaction] = true;
  readonly dialect = "sqlite";
  readonly id: Uuid;
  readonly #connection: SqliteConnection;
  readonly #hooks: TransactionHooks;
  readonly #depth: number;

  constructor(connection: SqliteConnection, id: Uuid, hooks: TransactionHooks, depth = 1) {
    this.#connection = connection;
    this.id = id;
    this.#hooks = hooks;
    this.#depth = depth;
  }

  async all<Row>(statement: Sql, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#connection.all(statement, parameters);
  }

  async first<Row>(statement: Sql, parameters: readonly SqlValue[] = []): Promise<Row | undefined> {
    return this.#connection.first(statement, parameters);
  }

  async run(statement: Sql, parameters: readonly SqlValue[] = []): Promise<number> {
    return this.#connection.run(statement, parameters);
  }

  async query<Row>(query: CompiledQuery<Row>): Promise<Row[]> {
    return this.#connection.query(query);
  }

  /** Inserts many rows through one prepared statement; the fast road of `bulkInsert`. */
  runEach(statement: Sql, rows: readonly (readonly SqlValue[])[]): void {
    const prepared = this.#connection.prepare(statement);
    for (const row of rows) prepared.run(...row);
  }

  async savepoint<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const name = `level_${this.#depth}`;
    const hooks = new TransactionHooks((error) => this.#hooks.report(error));
    this.#connection.control(`savepoint ${name}`);
    try {
      const result = await work(new SqliteTransaction(this.#connection, this.id, hooks, this.#depth + 1));
      this.#connection.control(`release ${name}`);
      hooks.mergeInto(this.#hooks);
      return result;
    } catch (error) {
      if (this.#connection.isInTransaction) this.#connection.undo(name);
      await hooks.rolledBack();
      throw error;
    }
  }

  beforeCommit(hook: () => Promise<void> | void): void {
    this.#hooks.beforeCommit(hook);
  }

  afterCommit(hook: () => Promise<void> | void): void {
    this.#hooks.afterCommit(hook);
  }

  afterRollback(hook: () => Promise<void> | void): void {
    this.#hooks.afterRollback(hook);
  }
}
