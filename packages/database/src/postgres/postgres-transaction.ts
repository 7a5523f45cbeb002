import type { Uuid } from "@tributary/kernel";
import type { CompiledQuery } from "kysely";
import type { Sql, SqlValue } from "../sql.ts";
import { insideTransaction, type Transaction } from "../transaction.ts";
import type { TransactionHooks } from "../transaction-hooks.ts";
import type { PostgresConnection } from "./postgres-connection.ts";

/** The work of one caller inside an open PostgreSQL transaction (READ COMMITTED). */
export class PostgresTransaction implements Transaction {
  readonly [insideTransaction] = true;
  readonly dialect = "postgres";
  readonly id: Uuid;
  readonly beforeCommit: Transaction["beforeCommit"];
  readonly afterCommit: Transaction["afterCommit"];
  readonly afterRollback: Transaction["afterRollback"];
  readonly #connection: PostgresConnection;
  readonly #hooks: TransactionHooks;
  readonly #depth: number;

  constructor(connection: PostgresConnection, id: Uuid, hooks: TransactionHooks, depth = 1) {
    this.#connection = connection;
    this.id = id;
    this.#hooks = hooks;
    this.#depth = depth;
    ({ beforeCommit: this.beforeCommit, afterCommit: this.afterCommit, afterRollback: this.afterRollback } = hooks);
  }

  all<Row>(statement: Sql, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#connection.all(statement, parameters);
  }

  async first<Row>(statement: Sql, parameters: readonly SqlValue[] = []): Promise<Row | undefined> {
    const rows = await this.#connection.all<Row>(statement, parameters);
    return rows[0];
  }

  run(statement: Sql, parameters: readonly SqlValue[] = []): Promise<number> {
    return this.#connection.run(statement, parameters);
  }

  query<Row>(query: CompiledQuery<Row>): Promise<Row[]> {
    return this.#connection.query(query);
  }

  /** Binds whole columns as arrays; the fast road of `bulkInsert`. */
  runColumns(statement: Sql, columns: readonly (readonly SqlValue[])[]): Promise<number> {
    return this.#connection.run(statement, columns);
  }

  savepoint<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const name = `level_${this.#depth}`;
    const connection = this.#connection;
    const savepoint = {
      begin: () => connection.execute(`savepoint ${name}`),
      release: () => connection.execute(`release savepoint ${name}`),
      undo: () => connection.execute(`rollback to savepoint ${name}; release savepoint ${name}`),
    };
    return this.#hooks.inSavepoint(savepoint, (hooks) =>
      work(new PostgresTransaction(connection, this.id, hooks, this.#depth + 1)),
    );
  }
}
