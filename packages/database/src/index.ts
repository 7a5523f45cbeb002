export {
  type AdoptedTransaction,
  type AdoptOptions,
  adoptPostgresTransaction,
  adoptSqliteTransaction,
} from "./adopted-transaction.ts";
export { type BulkColumnType, type BulkInsert, bulkInsert } from "./bulk-insert.ts";
export type { Database } from "./database.ts";
export { isDatabaseTrouble, isUniqueViolation, OvertakenError } from "./errors.ts";
export type { ColumnTypes } from "./migration/column-types.ts";
export { migrate } from "./migration/migrate.ts";
export type { Migration } from "./migration/migration.ts";
export { type OpenDatabaseOptions, openDatabase } from "./open-database.ts";
export type { Reader } from "./reader.ts";
export { type Dialect, Sql, type SqlValue, sql } from "./sql.ts";
export { copySqliteDatabase } from "./sqlite/copy-sqlite-database.ts";
export type { Transaction } from "./transaction.ts";
