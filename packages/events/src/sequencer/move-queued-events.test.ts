import { sql } from "@tributary/database";
import { describeOnEachDatabase, openTestDatabase } from "@tributary/database/testing";
import { describe, expect, it } from "vitest";
import { anEventDraft, moveAllQueuedEvents, publishAll, readWholeLog, setUpEvents } from "../../testing/index.ts";
import { categoryFeed, streamFeed } from "../records/feed-name.ts";
import { readFeedHead, readFeedRange } from "../records/read-records.ts";
import { moveBatchMax, moveOnce, moveQueuedEvents, sequenceCommitted } from "./move-queued-events.ts";

const insertAsAtomfeedDoes = sql(`
  insert into event_records_queue (uuid, title, timestamp, uri, object, category, tags)
  values ($1, $2, $3, $4, $5, $6, $7)`);
const insertBarely = sql("insert into event_records_queue (title) values ($1)");

describeOnEachDatabase("moving queued events", (open) => {
  it("[E20] a row of historic columns alone, inserted by another program, is moved", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    await publishAll(database, outbox, [anEventDraft({ category: "encounter" })]);

    await database.transaction(async (tx) => {
      await tx.run(insertAsAtomfeedDoes, [
        "8c5d6a4e-0000-4000-8000-000000000001",
        "Encounter",
        "2015-09-01 10:00:00",
        null,
        "/openmrs/ws/rest/v1/bahmnicore/bahmniencounter/1",
        "Encounter",
        "Encounter",
      ]);
      await tx.run(insertBarely, ["Bare"]);
    });

    expect(await moveQueuedEvents(database)).toBe(2);
    expect(await moveQueuedEvents(database)).toBe(0);
    const [, old, bare] = await readWholeLog(database);
    expect(old).toMatchObject({
      position: 2,
      uuid: "8c5d6a4e-0000-4000-8000-000000000001",
      title: "Encounter",
      category: "Encounter",
      raisedAt: Date.UTC(2015, 8, 1, 10),
      eventType: null,
      orderKey: null,
      orderSequence: null,
      transactionId: null,
    });
    expect(bare).toMatchObject({ position: 3, title: "Bare", category: null, content: null });
    expect(bare?.uuid).toMatch(/^[0-9a-f-]{32,36}$/);
    const feed = await readFeedRange(database, categoryFeed("ENCOUNTER"), 1, 10);
    expect(feed.map(({ feedPosition, record }) => [feedPosition, record.category])).toEqual([
      [1, "encounter"],
      [2, "Encounter"],
    ]);
  });

  it("[E9] a round moves at most its limit, the oldest first", async () => {
    await using database = await open();
    await setUpEvents(database);
    await database.transaction(async (tx) => {
      for (let n = 1; n <= 5; n++) await tx.run(insertBarely, [`title ${n}`]);
    });

    expect(await moveQueuedEvents(database, 3)).toBe(3);
    expect((await readWholeLog(database)).map(({ title }) => title)).toEqual(["title 1", "title 2", "title 3"]);
    expect(await moveQueuedEvents(database, 3)).toBe(2);
    expect((await readWholeLog(database)).map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("moving queued events, where the outbox writes to the log itself (sqlite)", () => {
  it("[E9] without another program the queue stays empty", async () => {
    await using database = await openTestDatabase("sqlite");
    const outbox = await setUpEvents(database);

    await database.transaction(async (tx) => outbox.append(tx, anEventDraft()));

    expect(await readWholeLog(database)).toHaveLength(1);
    expect(await moveQueuedEvents(database)).toBe(0);
  });
});

describe("moving queued events, where a queue stands between (postgres)", () => {
  it("[E10] a transaction that commits late comes later, and is neither lost nor waited for", async () => {
    await using database = await openTestDatabase("postgres");
    await setUpEvents(database);
    const lateMayCommit = Promise.withResolvers<void>();
    const lateHasWritten = Promise.withResolvers<void>();

    const late = database.transaction(async (tx) => {
      await tx.run(insertBarely, ["drew the smaller number"]);
      lateHasWritten.resolve();
      await lateMayCommit.promise;
    });
    await lateHasWritten.promise;
    await database.transaction((tx) => tx.run(insertBarely, ["drew the larger number"]));
    expect(await moveQueuedEvents(database)).toBe(1);
    lateMayCommit.resolve();
    await late;
    await moveAllQueuedEvents(database);

    expect((await readWholeLog(database)).map(({ position, title }) => [position, title])).toEqual([
      [1, "drew the larger number"],
      [2, "drew the smaller number"],
    ]);
  });

  it("[E28] what was committed before has its place, also where that takes several rounds", async () => {
    await using database = await openTestDatabase("postgres");
    const outbox = await setUpEvents(database);
    await database.transaction(async (tx) => {
      for (let n = 0; n <= 2 * moveBatchMax; n++) outbox.append(tx, anEventDraft({ streams: ["everything"] }));
    });

    await sequenceCommitted(database);

    expect(await readFeedHead(database, streamFeed("everything"))).toBe(2 * moveBatchMax + 1);
  });

  it("[E15] movers at the same moment move each row once", async () => {
    await using database = await openTestDatabase("postgres");
    const outbox = await setUpEvents(database);
    for (let n = 0; n < 10; n++) {
      await database.transaction(async (tx) => {
        for (let index = 0; index < 50; index++) outbox.append(tx, anEventDraft({ streams: ["everything"] }));
      });
    }

    const moved = await Promise.all(Array.from({ length: 8 }, () => moveQueuedEvents(database, 100)));

    expect(moved.reduce((sum, count) => sum + count, 0)).toBe(500);
    const log = await readWholeLog(database);
    expect(log.map(({ position }) => position)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(log.map(({ orderSequence }) => orderSequence)).toEqual(log.map(({ position }) => position));
  });

  it("[E18] a wrong hint hides rows from a hinted round only", async () => {
    await using database = await openTestDatabase("postgres");
    await setUpEvents(database);
    await database.transaction(async (tx) => {
      await tx.run(insertBarely, ["skipped by the hint"]);
      await tx.run(sql("update event_sequencer set low_hint = 1000000"));
    });

    expect(await moveOnce(database, 10, "from hint")).toBe(0);
    expect(await moveOnce(database, 10, "whole queue")).toBe(1);
  });

  it("[E19] a round under REPEATABLE READ, which might not see what was committed, is refused", async () => {
    await using database = await openTestDatabase("postgres");
    await setUpEvents(database);

    const round = database.snapshot((reader) => moveOnce(reader, 10, "whole queue"));

    await expect(round).rejects.toThrow("only under READ COMMITTED, not under REPEATABLE READ");
  });
});
