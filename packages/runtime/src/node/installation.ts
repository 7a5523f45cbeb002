import { hash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { type Database, sql } from "@tributary/database";

const readDatabaseId = sql(
  "select oid::text || ' ' || datname as name from pg_database where datname = current_database()",
);

/**
 * Names the installation of a node, so that a copy of it has another name: with SQLite the machine and the very file,
 * with PostgreSQL the very database, whichever machines work on it.
 */
export async function installationOf(address: string, database: Database): Promise<string> {
  const place = database.dialect === "postgres" ? await databasePlace(address, database) : await filePlace(address);
  return hash("sha256", place).slice(0, 32);
}

async function databasePlace(address: string, database: Database): Promise<string> {
  const row = await database.first<{ name: string }>(readDatabaseId);
  const { host, pathname } = new URL(address);
  return JSON.stringify([host, pathname, row?.name]);
}

async function filePlace(file: string): Promise<string> {
  const { ino, birthtimeMs } = await stat(file);
  const machine = await readFile("/etc/machine-id", "utf8").catch(() => "");
  return JSON.stringify([machine.trim(), file, ino, birthtimeMs]);
}
