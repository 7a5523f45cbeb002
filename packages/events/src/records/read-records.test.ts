import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { anEventDraft, publishAll, readWholeLog, setUpEvents } from "../../testing/index.ts";
import type { Outbox } from "../outbox/outbox.ts";
import { allFeed, categoryFeed, streamFeed } from "./feed-name.ts";
import { findFeedPosition } from "./find-feed-position.ts";
import { beginEpoch, readLogIdentity } from "./log-identity.ts";
import { readFeedHead, readFeedRange, readRecordsAfter } from "./read-records.ts";

/** Nine records: every third is a patient's, the others encounters'; the even ones are also in the stream "north". */
async function publishNine(database: Database, outbox: Outbox): Promise<void> {
  for (let n = 1; n <= 9; n++) {
    await publishAll(database, outbox, [
      anEventDraft({
        category: n % 3 === 0 ? "patient" : "encounter",
        content: `record ${n}`,
        streams: n % 2 === 0 ? ["north", "north"] : [],
      }),
    ]);
  }
}

describeOnEachDatabase("reading records", (open) => {
  it("[E12] each category and each stream has positions of its own, from 1 without a gap", async () => {
    await using database = await open();
    await publishNine(database, await setUpEvents(database));

    const contents = async (feed: Parameters<typeof readFeedRange>[1]) =>
      (await readFeedRange(database, feed, 1, 100)).map(({ feedPosition, record }) => [feedPosition, record.content]);

    expect(await contents(categoryFeed("patient"))).toEqual([
      [1, "record 3"],
      [2, "record 6"],
      [3, "record 9"],
    ]);
    expect(await contents(streamFeed("north"))).toEqual([
      [1, "record 2"],
      [2, "record 4"],
      [3, "record 6"],
      [4, "record 8"],
    ]);
    expect(await contents(allFeed)).toEqual(Array.from({ length: 9 }, (_, n) => [n + 1, `record ${n + 1}`]));
  });

  it("[E12] positions of feeds have no gap where a transaction was rolled back", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    await publishAll(database, outbox, [anEventDraft({ streams: ["north"] })]);

    await database
      .transaction(async (tx) => {
        outbox.append(tx, anEventDraft({ streams: ["north"] }));
        tx.beforeCommit(() => Promise.reject(new Error("no")));
      })
      .catch(() => {});
    await publishAll(database, outbox, [anEventDraft({ streams: ["north"] })]);

    for (const feed of [categoryFeed("patient"), streamFeed("north")]) {
      expect((await readFeedRange(database, feed, 1, 9)).map(({ feedPosition }) => feedPosition)).toEqual([1, 2]);
    }
  });

  it("[E13] spellings that differ in the case of A to Z are one feed, and each record keeps its own", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);

    await publishAll(
      database,
      outbox,
      ["Encounter", "encounter", "ENCOUNTER", "Été", "été"].map((category) => anEventDraft({ category })),
    );

    const categories = async (category: string) =>
      (await readFeedRange(database, categoryFeed(category), 1, 9)).map(({ record }) => record.category);
    expect(await categories("eNCOUNTER")).toEqual(["Encounter", "encounter", "ENCOUNTER"]);
    expect(await categories("été")).toEqual(["été"]);
    expect(await categories("ÉTÉ")).toEqual([]);
  });

  it("[E24] a head is the number of a feed's entries, and a range has both its ends", async () => {
    await using database = await open();
    await publishNine(database, await setUpEvents(database));

    expect(await readFeedHead(database, allFeed)).toBe(9);
    expect(await readFeedHead(database, categoryFeed("Encounter"))).toBe(6);
    expect(await readFeedHead(database, streamFeed("nobody's"))).toBe(0);
    const range = await readFeedRange(database, categoryFeed("encounter"), 2, 4);
    expect(range.map(({ record }) => record.content)).toEqual(["record 2", "record 4", "record 5"]);
    expect(await readFeedRange(database, allFeed, 8, 50)).toHaveLength(2);
    expect(await readFeedRange(database, allFeed, 50, 60)).toEqual([]);
  });

  it("[E24] records after a position come in order, at most as many as asked for", async () => {
    await using database = await open();
    await publishNine(database, await setUpEvents(database));

    const positions = (await readRecordsAfter(database, 4, 3)).map(({ position }) => position);

    expect(positions).toEqual([5, 6, 7]);
    expect(await readRecordsAfter(database, 9, 3)).toEqual([]);
  });

  it("[E24] an event's place in each feed is found by its uuid", async () => {
    await using database = await open();
    await publishNine(database, await setUpEvents(database));
    const log = await readWholeLog(database);

    for (const feed of [allFeed, categoryFeed("patient"), categoryFeed("encounter"), streamFeed("north")]) {
      const entries = await readFeedRange(database, feed, 1, 9);
      const expected = log.map(({ uuid }) => entries.find(({ record }) => record.uuid === uuid)?.feedPosition);
      const found = await Promise.all(log.map(({ uuid }) => findFeedPosition(database, feed, uuid)));
      expect(found).toEqual(expected);
    }
    expect(await findFeedPosition(database, streamFeed("nobody's"), log[0]!.uuid)).toBeUndefined();
    expect(await findFeedPosition(database, allFeed, "unknown")).toBeUndefined();
  });

  it("[E25] a log has a name that stays, and an epoch that changes when it is told to", async () => {
    await using database = await open();
    await using other = await open();
    await setUpEvents(database);
    await setUpEvents(other);

    const before = await readLogIdentity(database);
    await database.transaction((tx) => beginEpoch(tx, "after the restore"));
    const after = await readLogIdentity(database);

    expect(after).toEqual({ logId: before.logId, epoch: "after the restore" });
    expect(before.epoch).not.toBe(after.epoch);
    expect((await readLogIdentity(other)).logId).not.toBe(before.logId);
  });
});
