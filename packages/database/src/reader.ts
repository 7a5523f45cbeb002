import type { CompiledQuery } from "kysely";
import type { Dialect, Sql, SqlValue } from "./sql.ts";

/** Whatever one can read from: a database, a snapshot of it, or a transaction. */
export interface Reader {
  readonly dialect: Dialect;
  /** All rows of a fixed statement. */
  all<Row>(statement: Sql, parameters?: readonly SqlValue[]): Promise<Row[]>;
  /** The first row of a fixed statement, or `undefined` when there is none. */
  first<Row>(statement: Sql, parameters?: readonly SqlValue[]): Promise<Row | undefined>;
  /** All rows of a statement composed at run time with `queryBuilder`. */
  query<Row>(query: CompiledQuery<Row>): Promise<Row[]>;
}
