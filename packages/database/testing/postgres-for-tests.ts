import { startPostgresServer } from "./postgres-server.ts";

/** Gives a whole test run one PostgreSQL server, unless `TRIBUTARY_TEST_POSTGRES_URL` names one. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env["TRIBUTARY_TEST_POSTGRES_URL"]) return undefined;
  const server = await startPostgresServer();
  process.env["TRIBUTARY_TEST_POSTGRES_URL"] = server.url;
  return async () => {
    delete process.env["TRIBUTARY_TEST_POSTGRES_URL"];
    await server[Symbol.asyncDispose]();
  };
}
