import { assert } from "@tributary/kernel";
import { PostgresTransaction } from "./postgres/postgres-transaction.ts";
import { type SqlValue, sql } from "./sql.ts";
import { SqliteTransaction } from "./sqlite/sqlite-transaction.ts";
import type { Transaction } from "./transaction.ts";

/** PostgreSQL's name of a column's type; SQLite needs none. */
export type BulkColumnType = "text" | "bigint" | "integer" | "double precision" | "bytea" | "timestamp";

/** Inserts rows whose values stand in the order of the columns. */
export type BulkInsert = (tx: Transaction, rows: readonly (readonly SqlValue[])[]) => Promise<void>;

/**
 * Prepares the insertion of many rows at once into one table: one prepared statement run in a loop on SQLite, one
 * statement over whole columns (`unnest`) on PostgreSQL. `onConflict` is appended as it stands.
 */
export function bulkInsert(
  table: string,
  columns: Readonly<Record<string, BulkColumnType>>,
  onConflict = "",
): BulkInsert {
  const names = Object.keys(columns);
  const list = names.map((name) => `"${name}"`).join(", ");
  const marks = names.map((_, index) => `$${index + 1}`);
  const arrays = Object.values(columns).map((type, index) => `${marks[index]}::${type}[]`);
  const statement = sql({
    sqlite: `insert into ${table} (${list}) values (${marks.join(", ")}) ${onConflict}`,
    postgres: `insert into ${table} (${list}) select * from unnest(${arrays.join(", ")}) ${onConflict}`,
  });
  return async (tx, rows) => {
    if (rows.length === 0) return;
    if (tx instanceof SqliteTransaction) {
      tx.runEach(statement, rows);
      return;
    }
    assert(tx instanceof PostgresTransaction, "a transaction belongs to one of the two databases");
    await tx.runColumns(
      statement,
      names.map((_, column) => rows.map((row) => row[column]!)),
    );
  };
}
