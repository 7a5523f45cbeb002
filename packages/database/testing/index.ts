export { type PostgresServer, type PostgresServerOptions, startPostgresServer } from "./postgres-server.ts";
export { describeOnEachDatabase, makeTestDatabase, openTestDatabase, type TestDatabasePlace } from "./test-database.ts";
