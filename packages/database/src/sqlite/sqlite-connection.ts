import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { CompiledQuery } from "kysely";
import type { Sql, SqlValue } from "../sql.ts";

/** Composed statements kept ready per connection; the oldest goes first. Searches of one application seldom use more. */
const composedStatementsMax = 200;

/** One connection to a SQLite file with its prepared statements. Every call ends before it returns. */
export class SqliteConnection {
  readonly #handle: DatabaseSync;
  readonly #fixed = new Map<Sql, StatementSync>();
  readonly #controls = new Map<string, StatementSync>();
  readonly #composed = new Map<string, StatementSync>();

  constructor(handle: DatabaseSync) {
    this.#handle = handle;
  }

  /**
   * Opens a file with write-ahead log and `synchronous=FULL`: a commit is on the disk before it returns.
   *
   * Pages of 8 KiB hold whole resources and made batches a third faster than 4 KiB; they take effect on a new file.
   */
  static open(file: string, mode: "read-write" | "read-only"): SqliteConnection {
    const handle = new DatabaseSync(file, { timeout: 100 });
    if (mode === "read-write") {
      handle.exec("pragma page_size = 8192");
      handle.exec("pragma journal_mode = wal");
      handle.exec("pragma journal_size_limit = 67108864");
      // 32 MiB: pages that many commits in a row change go back into the file once, not with every eighth megabyte.
      handle.exec("pragma wal_autocheckpoint = 4096");
    }
    handle.exec("pragma synchronous = full");
    handle.exec("pragma foreign_keys = on");
    handle.exec("pragma temp_store = memory");
    handle.exec("pragma cache_size = -16384");
    if (mode === "read-only") handle.exec("pragma query_only = on");
    return new SqliteConnection(handle);
  }

  get isInTransaction(): boolean {
    return this.#handle.isTransaction;
  }

  /** Runs one of the few statements that open, close and nest transactions. */
  control(text: string): void {
    let prepared = this.#controls.get(text);
    if (!prepared) {
      prepared = this.#handle.prepare(text);
      this.#controls.set(text, prepared);
    }
    prepared.run();
  }

  /** Undoes what happened since a savepoint, and takes the savepoint away. */
  undo(savepoint: string): void {
    this.control(`rollback to ${savepoint}`);
    this.control(`release ${savepoint}`);
  }

  all<Row>(statement: Sql, parameters: readonly SqlValue[]): Row[] {
    return this.prepare(statement).all(...parameters) as Row[];
  }

  first<Row>(statement: Sql, parameters: readonly SqlValue[]): Row | undefined {
    return this.prepare(statement).get(...parameters) as Row | undefined;
  }

  run(statement: Sql, parameters: readonly SqlValue[]): number {
    return Number(this.prepare(statement).run(...parameters).changes);
  }

  query<Row>(query: CompiledQuery<Row>): Row[] {
    let prepared = this.#composed.get(query.sql);
    if (!prepared) {
      prepared = this.#handle.prepare(query.sql);
      const oldest = this.#composed.keys().next();
      if (this.#composed.size >= composedStatementsMax && !oldest.done) this.#composed.delete(oldest.value);
      this.#composed.set(query.sql, prepared);
    }
    return prepared.all(...(query.parameters as SqlValue[])) as Row[];
  }

  prepare(statement: Sql): StatementSync {
    let prepared = this.#fixed.get(statement);
    if (!prepared) {
      prepared = this.#handle.prepare(statement.text("sqlite"));
      this.#fixed.set(statement, prepared);
    }
    return prepared;
  }

  close(): void {
    this.#fixed.clear();
    this.#controls.clear();
    this.#composed.clear();
    this.#handle.close();
  }
}
