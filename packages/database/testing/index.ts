export { type PostgresServer, type PostgresServerOptions, startPostgresServer } from "./postgres-server.ts";
export {
  copyTestDatabase,
  describeOnEachDatabase,
  makeTestDatabase,
  openTestDatabase,
  type TestDatabasePlace,
} from "./test-database.ts";
