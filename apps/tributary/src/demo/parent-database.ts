import { openDatabase, sql } from "@tributary/database";
import { systemRandom as random } from "@tributary/kernel";

/** An empty PostgreSQL database for the demonstration's parent; it goes when it is disposed of. */
export interface ParentDatabase extends AsyncDisposable {
  readonly url: string;
}

/**
 * Makes a PostgreSQL database: a new one on the server that `TRIBUTARY_TEST_POSTGRES_URL` names, or else on a server of
 * our own that ends with the demonstration.
 */
export async function openParentDatabase(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ParentDatabase> {
  const server = environment["TRIBUTARY_TEST_POSTGRES_URL"];
  return server ? makeDatabaseOn(server) : startServer();
}

async function startServer(): Promise<ParentDatabase> {
  const { startPostgresServer } = await import("@tributary/database/testing/postgres-server");
  return startPostgresServer({ durable: true });
}

async function makeDatabaseOn(server: string): Promise<ParentDatabase> {
  const name = `demo_${Buffer.from(random.bytes(8)).toString("hex")}`;
  await execute(server, `create database ${name}`);
  return {
    url: Object.assign(new URL(server), { pathname: `/${name}` }).href,
    [Symbol.asyncDispose]: () => execute(server, `drop database if exists ${name} with (force)`),
  };
}

async function execute(server: string, statement: string): Promise<void> {
  await using database = await openDatabase({ address: server, connectionsMax: 1 });
  await database.all(sql(statement));
}
