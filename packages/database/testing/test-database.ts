import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { systemRandom } from "@tributary/kernel";
import { describe } from "vitest";
import type { Database } from "../src/database.ts";
import { openDatabase } from "../src/open-database.ts";
import type { Dialect } from "../src/sql.ts";

/** An empty place for one database, gone when it is disposed; its address can be opened by other processes too. */
export interface TestDatabasePlace extends AsyncDisposable {
  readonly dialect: Dialect;
  readonly address: string;
}

/** Makes an empty place: a SQLite file in a temporary folder, or a new database on the tests' PostgreSQL server. */
export async function makeTestDatabase(dialect: Dialect): Promise<TestDatabasePlace> {
  return dialect === "sqlite" ? makeSqlitePlace() : makePostgresPlace();
}

/** Copies a database that nobody has open to a place of its own, as a backup of its files would be. */
export async function copyTestDatabase(from: TestDatabasePlace): Promise<TestDatabasePlace> {
  const copy = await makeTestDatabase(from.dialect);
  if (from.dialect === "sqlite") {
    cpSync(dirname(from.address), dirname(copy.address), { recursive: true });
    return copy;
  }
  const [source, target] = [from, copy].map(({ address }) => new URL(address).pathname.slice(1));
  const server = Object.assign(new URL(from.address), { pathname: "/postgres" }).href;
  await onServer(server, `drop database ${target}`);
  await onServer(server, `create database ${target} template ${source}`);
  return copy;
}

/** Runs a suite once on SQLite and once on PostgreSQL. `open` makes an empty database that the test disposes of. */
export function describeOnEachDatabase(
  title: string,
  suite: (open: () => Promise<Database>, dialect: Dialect) => void,
): void {
  for (const dialect of ["sqlite", "postgres"] as const) {
    describe(`${title} (${dialect})`, () => suite(() => openTestDatabase(dialect), dialect));
  }
}

/** Opens an empty database of its own; disposing of it closes it and takes its place away. */
export async function openTestDatabase(dialect: Dialect): Promise<Database> {
  const place = await makeTestDatabase(dialect);
  const database = await openDatabase({ address: place.address });
  const close = database.close.bind(database);
  database.close = async () => {
    await close();
    await place[Symbol.asyncDispose]();
  };
  return database;
}

function makeSqlitePlace(): TestDatabasePlace {
  const folder = mkdtempSync(join(tmpdir(), "tributary-test-"));
  return {
    dialect: "sqlite",
    address: join(folder, "node.db"),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makePostgresPlace(): Promise<TestDatabasePlace> {
  const server = process.env["TRIBUTARY_TEST_POSTGRES_URL"];
  if (!server) throw new Error("Set TRIBUTARY_TEST_POSTGRES_URL, or run the tests through `npm test`.");
  const name = `test_${Buffer.from(systemRandom.bytes(8)).toString("hex")}`;
  await onServer(server, `create database ${name}`);
  return {
    dialect: "postgres",
    address: Object.assign(new URL(server), { pathname: `/${name}` }).href,
    async [Symbol.asyncDispose]() {
      await onServer(server, `drop database if exists ${name} with (force)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
