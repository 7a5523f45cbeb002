import type { Uuid } from "@tributary/kernel";
import type { CompiledQuery } from "kysely";
import type { Sql, SqlValue } from "../sql.ts";
import { insideTransaction, type Transaction } from "../transaction.ts";
import type { TransactionHooks } from "../transaction-hooks.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** The work of one caller inside an open SQLite transaction. */
export class SqliteTransaction implements Transaction {
  readonly [insideTransaction] = true;
  readonly dialect = "sqlite";
  readonly id: Uuid;
  readonly beforeCommit: Transaction["beforeCommit"];
  readonly afterCommit: Transaction["afterCommit"];
  readonly afterRollback: Transaction["afterRollback"];
  readonly #connection: SqliteConnection;
  readonly #hooks: TransactionHooks;
  readonly #depth: number;

  constructor(connection: SqliteConnection, id: Uuid, hooks: TransactionHooks, depth = 1) {
    this.#connection = connection;
    this.id = id;
    this.#hooks = hooks;
    this.#depth = depth;
    ({ beforeCommit: this.beforeCommit, afterCommit: this.afterCommit, afterRollback: this.afterRollback } = hooks);
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

  savepoint<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const name = `level_${this.#depth}`;
    const connection = this.#connection;
    const savepoint = {
      begin: () => connection.control(`savepoint ${name}`),
      release: () => connection.control(`release ${name}`),
      undo: () => {
        if (connection.isInTransaction) connection.undo(name);
      },
    };
    return this.#hooks.inSavepoint(savepoint, (hooks) =>
      work(new SqliteTransaction(connection, this.id, hooks, this.#depth + 1)),
    );
  }
}
