import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase, sql } from "@tributary/database";
import { makeTestDatabase } from "@tributary/database/testing";
import { mountSmallDisk } from "./small-disk.ts";

/** Where a node's data stands, and how that place is made full, in one of the ways in which disks are. */
export interface FillableDisk extends AsyncDisposable {
  /** The node's folder; it is made by the node. */
  readonly folder: string;
  /** The database's address, where it is not a file in that folder. */
  readonly database?: string;
  /** What the node's process needs to be told. */
  readonly environment: Readonly<Record<string, string>>;
  /** Leaves room for some dozens of small records and no more. */
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
}

/** Every way that this machine lets this process try; the first two need no rights. */
export const fullDisks: Readonly<Record<string, () => Promise<FillableDisk>>> = {
  "a SQLite file that may not grow": openQuota,
  "a PostgreSQL server without room": openFullServer,
  ...((await mayMount()) ? { "a file system without room": openSmallFileSystem } : {}),
};

const pagesLeft = 100;

async function openQuota(): Promise<FillableDisk> {
  const home = await mkdtemp(join(tmpdir(), "tributary-quota-"));
  const quota = join(home, "quota");
  const preload = new URL("./page-quota.ts", import.meta.url).href;
  return {
    folder: join(home, "node"),
    environment: { NODE_OPTIONS: `--import ${preload}`, TRIBUTARY_TEST_QUOTA: quota },
    fill: () => writeFile(quota, String(pagesLeft)),
    makeRoom: () => rm(quota),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}

const statementsLeft = 1_000;
/** The server's own words and code for a disk that is full, from any statement that writes. */
const makeFull = [
  sql("create sequence room_left"),
  sql(`
    create function refuse_without_room() returns trigger language plpgsql as $$
    begin
      if nextval('room_left') > ${statementsLeft} then
        raise exception 'could not extend file "base/1/1": No space left on device' using errcode = 'disk_full';
      end if;
      return null;
    end $$`),
  sql(`
    do $$ declare one record; begin
      for one in select tablename from pg_tables where schemaname = current_schema() loop
        execute format('create trigger without_room before insert or update on %I
          for each statement execute function refuse_without_room()', one.tablename);
      end loop;
    end $$`),
];
const makeRoomAgain = [sql("drop function refuse_without_room cascade"), sql("drop sequence room_left")];

async function openFullServer(): Promise<FillableDisk> {
  const home = await mkdtemp(join(tmpdir(), "tributary-full-server-"));
  const place = await makeTestDatabase("postgres");
  const run = async (statements: typeof makeFull) => {
    await using database = await openDatabase({ address: place.address });
    await database.transaction(async (tx) => {
      for (const statement of statements) await tx.run(statement);
    });
  };
  return {
    folder: join(home, "node"),
    database: place.address,
    environment: {},
    fill: () => run(makeFull),
    makeRoom: () => run(makeRoomAgain),
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

const diskMegabytes = 24;
const leftBytes = 3 * 1024 * 1024;

async function openSmallFileSystem(): Promise<FillableDisk> {
  const disk = await mountSmallDisk(diskMegabytes);
  if (!disk) throw new Error("A file system could be mounted a moment ago, and cannot now.");
  return {
    folder: disk.folder,
    environment: {},
    fill: () => disk.fillUpTo(leftBytes),
    makeRoom: () => disk.makeRoom(),
    [Symbol.asyncDispose]: () => disk[Symbol.asyncDispose](),
  };
}

async function mayMount(): Promise<boolean> {
  const disk = await mountSmallDisk(1);
  await disk?.[Symbol.asyncDispose]();
  return disk !== undefined;
}
