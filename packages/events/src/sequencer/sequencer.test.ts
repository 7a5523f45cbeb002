import { type Database, sql } from "@tributary/database";
import { describeOnEachDatabase, openTestDatabase } from "@tributary/database/testing";
import { type Logger, seededRandom, silentLogger, systemClock } from "@tributary/kernel";
import { describe, expect, it } from "vitest";
import { anEventDraft, readWholeLog, setUpEvents } from "../../testing/index.ts";
import { allFeed } from "../records/feed-name.ts";
import { readFeedHead } from "../records/read-records.ts";
import { openSequencer, type SequencerOptions } from "./sequencer.ts";

/** Longer than any test: an event that appears before has been moved because of a wake. */
const neverMs = 600_000;

function optionsFor(database: Database): SequencerOptions {
  return { database, clock: systemClock, random: seededRandom(1), logger: silentLogger };
}

async function untilHeadIs(database: Database, position: number): Promise<void> {
  while ((await readFeedHead(database, allFeed)) < position) await systemClock.sleep(2);
}

describeOnEachDatabase("the sequencer", (open) => {
  it("[E26] an event can be read soon after its commit, when the outbox wakes the sequencer", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    await using sequencer = openSequencer({ ...optionsFor(database), pollMs: neverMs });
    outbox.onAppended(() => sequencer.wake());

    for (let n = 1; n <= 20; n++) {
      await database.transaction(async (tx) => outbox.append(tx, anEventDraft()));
      await untilHeadIs(database, n);
    }

    expect(await readWholeLog(database)).toHaveLength(20);
  });

  it("[E26] an event of another process, of which nobody tells, is found by the poll", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    await using _sequencer = openSequencer({ ...optionsFor(database), pollMs: 20 });

    await database.transaction(async (tx) => outbox.append(tx, anEventDraft()));
    await untilHeadIs(database, 1);

    expect(await readWholeLog(database)).toHaveLength(1);
  });
});

describe("the sequencer, where a queue stands between (postgres)", () => {
  it("[E17] a transaction that stays open delays no other transaction's event", async () => {
    await using database = await openTestDatabase("postgres");
    const outbox = await setUpEvents(database);
    await using sequencer = openSequencer(optionsFor(database));
    outbox.onAppended(() => sequencer.wake());
    const mayEnd = Promise.withResolvers<void>();
    const isOpen = Promise.withResolvers<void>();

    const unrelated = database.transaction(async (tx) => {
      await tx.run(sql("create table unrelated (id integer)"));
      isOpen.resolve();
      await mayEnd.promise;
    });
    await isOpen.promise;
    await database.transaction(async (tx) => outbox.append(tx, anEventDraft()));
    await untilHeadIs(database, 1);
    mayEnd.resolve();
    await unrelated;

    expect(await readWholeLog(database)).toHaveLength(1);
  });

  it("[E18] a row that the hint skips is moved all the same, a little later", async () => {
    await using database = await openTestDatabase("postgres");
    const outbox = await setUpEvents(database);
    await using sequencer = openSequencer(optionsFor(database));
    await database.transaction(async (tx) => outbox.append(tx, anEventDraft()));
    await untilHeadIs(database, 1);

    await database.transaction(async (tx) => {
      await tx.run(sql("update event_sequencer set low_hint = 1000000"));
      outbox.append(tx, anEventDraft());
    });
    sequencer.wake();
    await untilHeadIs(database, 2);

    expect(await readWholeLog(database)).toHaveLength(2);
  });

  it("[E15] moves more than a batch at once, tells how many, and lets the running round end on disposal", async () => {
    await using database = await openTestDatabase("postgres");
    const outbox = await setUpEvents(database);
    await database.transaction(async (tx) => {
      for (let n = 0; n < 25; n++) outbox.append(tx, anEventDraft());
    });
    const told: number[] = [];

    {
      await using _sequencer = openSequencer({
        ...optionsFor(database),
        batchMax: 10,
        onMoved: (count) => void told.push(count),
      });
      await untilHeadIs(database, 25);
    }

    expect(told).toEqual([10, 10, 5]);
  });

  it("[E26] a round that fails is logged and tried again", async () => {
    await using database = await openTestDatabase("postgres");
    const failed = Promise.withResolvers<string>();
    const logger: Logger = { ...silentLogger, warn: (fields) => failed.resolve(String(fields["worker"])) };
    await using sequencer = openSequencer({ ...optionsFor(database), logger });

    expect(await failed.promise).toBe("sequencer");

    const outbox = await setUpEvents(database);
    await database.transaction(async (tx) => outbox.append(tx, anEventDraft()));
    sequencer.wake();
    await untilHeadIs(database, 1);
    expect(await readWholeLog(database)).toHaveLength(1);
  });
});
