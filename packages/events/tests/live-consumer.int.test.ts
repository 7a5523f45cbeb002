import { type Database, migrate } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { seededRandom, silentLogger, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { categoryFeed, type FeedName, streamFeed } from "../src/records/feed-name.ts";
import { readFeedHead, readFeedRange } from "../src/records/read-records.ts";
import { openSequencer } from "../src/sequencer/sequencer.ts";
import { moveAllQueuedEvents, setUpEvents } from "../testing/index.ts";
import { assignBeds, ChangeOfMind, wardMigrations } from "./ward.ts";
import { expectLogMatchesBusiness } from "./whole-log.ts";

const writers = 50;
const eventsPerWriter = 100;
const pageSize = 40;

describeOnEachDatabase("50 writers and a live consumer", (open) => {
  it("[E15] every event is consumed exactly once and in one order while it is being written", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    await migrate(database, wardMigrations);
    await using sequencer = openSequencer({
      database,
      clock: systemClock,
      random: seededRandom(2),
      logger: silentLogger,
    });
    outbox.onAppended(() => sequencer.wake());
    const written = Promise.withResolvers<void>();
    const consumers = [streamFeed("everything"), streamFeed("everything"), categoryFeed("bed-assignment")].map((feed) =>
      consume(database, feed, written.promise),
    );

    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const random = seededRandom(writer);
        for (let raised = 0; raised < eventsPerWriter; ) {
          raised += await assignBeds(database, outbox, random).catch((error: unknown) => {
            if (error instanceof ChangeOfMind) return 0;
            throw error;
          });
        }
      }),
    );
    await moveAllQueuedEvents(database);
    written.resolve();
    const [first, second, ofCategory] = await Promise.all(consumers);

    const log = await expectLogMatchesBusiness(database);
    const uuids = log.map(({ uuid }) => uuid);
    expect(log.length).toBeGreaterThanOrEqual(writers * eventsPerWriter);
    expect(new Set(uuids).size).toBe(log.length);
    expect(first).toEqual(uuids);
    expect(second).toEqual(uuids);
    expect(ofCategory).toEqual(
      log.filter(({ category }) => category?.toLowerCase() === "bed-assignment").map(({ uuid }) => uuid),
    );
  });
});

/** Reads a feed page by page behind a marker, as long as there may be more. */
async function consume(database: Database, feed: FeedName, written: Promise<void>): Promise<string[]> {
  let mayGrow = true;
  void written.then(() => {
    mayGrow = false;
  });
  const consumed: string[] = [];
  while (mayGrow || consumed.length < (await readFeedHead(database, feed))) {
    const entries = await readFeedRange(database, feed, consumed.length + 1, consumed.length + pageSize);
    consumed.push(...entries.map(({ record }) => record.uuid));
    if (entries.length < pageSize) await systemClock.sleep(5);
  }
  return consumed;
}
