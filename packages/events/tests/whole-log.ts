import type { Database } from "@tributary/database";
import { expect } from "vitest";
import type { EventRecord } from "../src/records/event-record.ts";
import { allFeed, categoryFeed, type FeedName, streamFeed } from "../src/records/feed-name.ts";
import { readFeedHead, readFeedRange } from "../src/records/read-records.ts";
import { readWholeLog } from "../testing/index.ts";
import { readVersions } from "./ward.ts";

/** Holds the log against what the business says has happened, and returns it. */
export async function expectLogMatchesBusiness(database: Database): Promise<EventRecord[]> {
  const log = await readWholeLog(database);
  const versions = await readVersions(database);

  expect(log.length).toBe([...versions.values()].reduce((sum, version) => sum + version, 0));
  expect(log.map(({ position }) => position)).toEqual(numbersTo(log.length));
  for (const [bed, version] of versions) {
    const ofBed = log.filter(({ orderKey }) => orderKey === bed);
    expect(ofBed.map(({ orderSequence }) => orderSequence)).toEqual(numbersTo(version));
    expect(ofBed.map((record) => record.version)).toEqual(numbersTo(version));
  }
  expectWholeTransactions(log);
  await expectFeed(database, streamFeed("everything"), log);
  for (const category of ["BED-ASSIGNMENT", "visit"]) {
    const inCategory = log.filter((record) => record.category?.toLowerCase() === category.toLowerCase());
    await expectFeed(database, categoryFeed(category), inCategory);
  }
  expect(await readFeedHead(database, allFeed)).toBe(log.length);
  return log;
}

function expectWholeTransactions(log: readonly EventRecord[]): void {
  for (const records of Map.groupBy(log, ({ transactionId }) => transactionId).values()) {
    expect(records.map(({ transactionIndex }) => transactionIndex)).toEqual(
      numbersTo(records.length).map((n) => n - 1),
    );
    expect(new Set(records.map(({ transactionSize }) => transactionSize))).toEqual(new Set([records.length]));
  }
}

async function expectFeed(database: Database, feed: FeedName, expected: readonly EventRecord[]): Promise<void> {
  const entries = await readFeedRange(database, feed, 1, 1_000_000);
  expect(entries.map(({ feedPosition }) => feedPosition)).toEqual(numbersTo(expected.length));
  expect(entries.map(({ record }) => record.uuid)).toEqual(expected.map(({ uuid }) => uuid));
  expect(await readFeedHead(database, feed)).toBe(expected.length);
}

function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
