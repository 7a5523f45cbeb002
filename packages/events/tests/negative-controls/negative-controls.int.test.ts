import { type Database, migrate, sql } from "@tributary/database";
import { openTestDatabase } from "@tributary/database/testing";
import { systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { type WrongEvent, writeMany, wrongLogMigrations } from "./wrong-log.ts";

/**
 * The designs that are known to be wrong, under the load that the right one stands. They must fail: a control that
 * passes says that the load is too weak to show anything about the right one either.
 */
const attemptsMax = 6;

const readAfterId = sql("select id, xid::text, lane, version from wrong_log where id > $1 order by id limit 100");
const readAfterTransaction = sql(`
  select id, xid::text, lane, version
  from wrong_log
  where (xid, id) > ($1::text::xid8, $2) and xid < pg_snapshot_xmin(pg_current_snapshot())
  order by xid, id
  limit 100`);

type ReadAfter = (database: Database, last: WrongEvent) => Promise<WrongEvent[]>;

it("[E15] control: a marker over serial numbers loses events", async () => {
  const lost = await untilItShows(
    (database, last) => database.all<WrongEvent>(readAfterId, [last.id]),
    (written, read) => written - new Set(read.map(({ id }) => id)).size,
  );

  expect(lost).toBeGreaterThan(0);
});

it("[E11] control: ordering by transaction number breaks the order of a key", async () => {
  const broken = await untilItShows(
    (database, last) => database.all<WrongEvent>(readAfterTransaction, [last.xid, last.id]),
    (_written, read) => countOrderBreaks(read),
  );

  expect(broken).toBeGreaterThan(0);
});

/** Writes and reads at the same time until the defect shows, or the attempts are over. */
async function untilItShows(
  readAfter: ReadAfter,
  countDefects: (written: number, read: readonly WrongEvent[]) => number,
): Promise<number> {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    await using database = await openTestDatabase("postgres");
    await migrate(database, wrongLogMigrations);
    const ended = new AbortController();
    const reading = readLive(database, readAfter, ended.signal);
    const written = await writeMany(database, attempt);
    ended.abort();
    const defects = countDefects(written, await reading);
    if (defects > 0) return defects;
  }
  return 0;
}

async function readLive(database: Database, readAfter: ReadAfter, ended: AbortSignal): Promise<WrongEvent[]> {
  const read: WrongEvent[] = [];
  for (;;) {
    const wasEnded = ended.aborted;
    const last = read.at(-1) ?? { id: 0, xid: "0", lane: 0, version: 0 };
    const events = await readAfter(database, last);
    read.push(...events);
    if (events.length === 0 && wasEnded) return read;
    await systemClock.sleep(1);
  }
}

function countOrderBreaks(read: readonly WrongEvent[]): number {
  const versions = new Map<number, number>();
  let breaks = 0;
  for (const { lane, version } of read) {
    if (version < (versions.get(lane) ?? 0)) breaks += 1;
    versions.set(lane, version);
  }
  return breaks;
}
