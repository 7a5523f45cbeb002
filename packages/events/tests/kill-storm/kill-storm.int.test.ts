import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, migrate, openDatabase, sql } from "@tributary/database";
import { makeTestDatabase } from "@tributary/database/testing";
import { seededRandom, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { allFeed } from "../../src/records/feed-name.ts";
import { readFeedHead } from "../../src/records/read-records.ts";
import { moveAllQueuedEvents, setUpEvents } from "../../testing/index.ts";
import { wardMigrations } from "../ward.ts";
import { expectLogMatchesBusiness } from "../whole-log.ts";
import { killUntil, type Role, startUndisturbed } from "./storm.ts";

const storms = [
  { dialect: "postgres", writers: 3, movers: 2, kills: 100 },
  { dialect: "sqlite", writers: 3, movers: 0, kills: 55 },
] as const;

const createMarker = sql("create table delivered (position bigint not null)");
const startMarker = sql("insert into delivered (position) values (0)");
const countOthersAtWork = sql(`
  select count(*) as n
  from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and (state <> 'idle' or xact_start is not null)`);

it.for(storms)(
  "[E16] a storm of kills loses nothing, records nothing twice and breaks no order ($dialect)",
  async ({ dialect, writers, movers, kills }) => {
    await using place = await makeTestDatabase(dialect);
    await using database = await openDatabase({ address: place.address });
    await setUpEvents(database);
    await migrate(database, wardMigrations);
    await database.transaction(async (tx) => {
      await tx.run(createMarker);
      await tx.run(startMarker);
    });
    const folder = mkdtempSync(join(tmpdir(), "tributary-storm-"));
    const file = join(folder, "delivered");
    writeFileSync(file, "");
    const consumer: Role = {
      script: new URL("consumer.ts", import.meta.url),
      parametersOf: () => [place.address, file],
      piecesMax: 8,
    };

    const killed = await killUntil(
      [
        ...Array.from({ length: writers }, (_, writer) => writerRole(place.address, writer)),
        ...Array.from({ length: movers }, () => moverRole(place.address)),
        consumer,
      ],
      kills,
      folder,
      seededRandom(dialect.length),
    );
    await settle(database);
    const undisturbed = startUndisturbed(consumer, folder);
    const deliveries = await readDeliveries(file, await readFeedHead(database, allFeed));
    await undisturbed[Symbol.asyncDispose]();

    const log = await expectLogMatchesBusiness(database);
    const firsts = [...new Set(deliveries)];
    expect(killed).toBeGreaterThanOrEqual(kills);
    expect(log.length).toBeGreaterThan(kills);
    expect(firsts).toEqual(log.map(({ position, uuid }) => `${position} ${uuid}`));
    rmSync(folder, { recursive: true });
  },
);

function writerRole(address: string, writer: number): Role {
  return {
    script: new URL("writer.ts", import.meta.url),
    parametersOf: (life) => [address, String(writer * 10_000 + life)],
    piecesMax: 20,
  };
}

function moverRole(address: string): Role {
  return { script: new URL("mover.ts", import.meta.url), parametersOf: () => [address], piecesMax: 8 };
}

/** Lets PostgreSQL notice that its clients are gone, then gives every committed event its position. */
async function settle(database: Database): Promise<void> {
  if (database.dialect === "postgres") {
    while ((await database.first<{ n: number }>(countOthersAtWork))!.n > 0) await systemClock.sleep(20);
  }
  await moveAllQueuedEvents(database);
}

/** What was delivered in all, repetitions included, once it goes up to the last position. */
async function readDeliveries(file: string, last: number): Promise<string[]> {
  for (;;) {
    const whole = readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.endsWith(" ."))
      .map((line) => line.slice(0, -2));
    if (whole.at(-1)?.startsWith(`${last} `)) return whole;
    await systemClock.sleep(20);
  }
}
