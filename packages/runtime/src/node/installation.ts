import { hash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { type Database, sql } from "@tributary/database";

const readDatabasePlace = sql(`
  select oid::text || ' ' || datname as name, extract(epoch from pg_postmaster_start_time())::text as started
  from pg_database where datname = current_database()`);

/** Where Linux tells which machine this is, and which of its runs. */
const machineFiles = ["/etc/machine-id", "/proc/sys/kernel/random/boot_id"] as const;

/**
 * Names the installation of a node, so that a copy of it has another name, and all programs that work on it at one time
 * have the same: with SQLite the very file on the very run of its machine, with PostgreSQL the very database in the very
 * run of its server, whichever machines work on it.
 *
 * A run of a machine or server has a name that never comes back, so that the two sides of a machine that was copied whole,
 * disk and all, are told apart too. It asks nothing of the file system but a number for the file.
 */
export async function installationOf(address: string, database: Database): Promise<string> {
  const place = database.dialect === "postgres" ? await databasePlace(address, database) : await filePlace(address);
  return hash("sha256", place).slice(0, 32);
}

async function databasePlace(address: string, database: Database): Promise<string> {
  const row = await database.first<{ name: string; started: string }>(readDatabasePlace);
  const { host, pathname } = new URL(address);
  return JSON.stringify([host, pathname, row?.name, row?.started]);
}

/** Tells a file and its machine; `readText` reads what the system says of itself. */
export async function filePlace(
  file: string,
  readText: (path: string) => Promise<string> = (path) => readFile(path, "utf8"),
): Promise<string> {
  const { ino, birthtimeMs } = await stat(file);
  const [machine, run] = await Promise.all(machineFiles.map((path) => readText(path).catch(() => "")));
  // Where the system has no name for its runs, its file systems know when a file was made; elsewhere many do not.
  return JSON.stringify(run ? [machine?.trim(), run.trim(), file, ino] : [file, ino, birthtimeMs]);
}
