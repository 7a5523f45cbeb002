import { type Database, migrate, sql } from "@tributary/database";
import { type Clock, type Logger, seededRandom, silentLogger } from "@tributary/kernel";
import { feedMigrations } from "../src/migrations.ts";
import type { FeedEvent } from "../src/reader/feed-event.ts";
import { FeedReader, type FeedReaderOptions } from "../src/reader/feed-reader.ts";
import { FakePublisher } from "./fake-publisher.ts";

const createHandled = sql(
  "create table handled (n integer primary key, content text not null, is_retry integer not null)",
);
/** Writes down one handled content. */
export const insertHandled = sql(
  "insert into handled (n, content, is_retry) values ((select coalesce(max(n), 0) + 1 from handled), $1, $2)",
);
const selectHandled = sql('select content, is_retry as "isRetry" from handled order by n');

/** A consumer with a database of its own, whose worker writes down what it handles in the transaction it is given. */
export async function openReading(open: () => Promise<Database>, publisher = new FakePublisher()) {
  const database = await open();
  await migrate(database, feedMigrations);
  await database.transaction((tx) => tx.run(createHandled));
  const clock = manualClock(Date.parse("2026-11-21T00:00:00Z"));
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (_, sentence) => void warnings.push(sentence) };
  /** Contents that the worker fails on, with what it throws. */
  const failures = new Map<string, Error>();
  const events: FeedEvent[] = [];

  return {
    database,
    publisher,
    clock,
    warnings,
    failures,
    /** The events that the worker was given, failed ones included. */
    events,
    reader(more: Partial<FeedReaderOptions<undefined>> = {}): FeedReader {
      return new FeedReader({
        database,
        subscription: { consumer: "lab", feedUri: publisher.feedUri },
        worker: {
          async process(event, tx) {
            events.push(event);
            await tx.run(insertHandled, [event.content ?? "", event.isRetry ? 1 : 0]);
            const failure = failures.get(event.content ?? "");
            if (failure) throw failure;
          },
        },
        fetch: publisher.fetch,
        clock,
        random: seededRandom(1),
        logger,
        ...more,
      });
    },
    async handled(): Promise<string[]> {
      const rows = await database.all<{ content: string }>(selectHandled);
      return rows.map(({ content }) => content);
    },
    async [Symbol.asyncDispose]() {
      await database.close();
    },
  };
}

/** A clock that stands until it is moved; what sleeps wakes when it is passed, or when its signal aborts. */
export function manualClock(start: number): Clock & { advance(durationMs: number): void } {
  let now = start;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep(durationMs, signal) {
      return new Promise((wake) => {
        if (signal?.aborted) return wake();
        const sleeper = { until: now + durationMs, wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          wake();
        });
      });
    },
    advance(durationMs) {
      now += durationMs;
      for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
    },
  };
}
