import { type Database, migrate, sql } from "@tributary/database";
import { describeOnEachDatabase, openTestDatabase } from "@tributary/database/testing";
import { eventsMigrations, moveQueuedEvents, Outbox } from "@tributary/events";
import { seededRandom, systemClock, systemRandom } from "@tributary/kernel";
import { expect, it } from "vitest";
import { openHttpHost } from "../testing/http-host.ts";
import { feedMigrations } from "./migrations.ts";
import { FeedReader } from "./reader/feed-reader.ts";
import { openmrsIdentity } from "./server/feed-identity.ts";
import { createFeedServer } from "./server/feed-server.ts";

const createHandled = sql(
  "create table handled (n integer primary key, event_id text unique not null, content text not null)",
);
const insertHandled = sql(`
  insert into handled (n, event_id, content) values ((select coalesce(max(n), 0) + 1 from handled), $1, $2)`);
const selectHandled = sql("select content from handled order by n");
const selectPublished = sql("select object as content from event_records order by id");

describeOnEachDatabase("a feed over HTTP, read into the other kind of database", (open, dialect) => {
  const openOther = () => openTestDatabase(dialect === "sqlite" ? "postgres" : "sqlite");

  it("[F24] many writers and a live reader: every event is processed exactly once, in the publisher's order", async () => {
    await using publisher = await openPublisher(open);
    await using consumer = await openConsumer(openOther, publisher.host.base);
    const writers = 50;
    const eventsEach = 100;

    const writing = Promise.all(Array.from({ length: writers }, (_, writer) => publisher.write(writer, eventsEach)));
    let isWriting = true;
    void writing.finally(() => {
      isWriting = false;
    });
    while (isWriting) {
      await publisher.move();
      await consumer.reader.run();
    }
    await publisher.move();
    await consumer.reader.run();

    expect(await consumer.handled()).toEqual(await publisher.published());
    expect(await consumer.handled()).toHaveLength(writers * eventsEach);
  });

  it("[F27] a line that breaks in the middle of every third answer loses nothing and repeats nothing", async () => {
    await using publisher = await openPublisher(open);
    await using consumer = await openConsumer(openOther, publisher.host.base);
    const chance = seededRandom(11);
    for (let writer = 0; writer < 12; writer++) await publisher.write(writer, 10);
    await publisher.move();
    publisher.host.breakWhen(() => chance.next() < 0.33);

    let failures = 0;
    for (let isComplete = false; !isComplete; ) {
      isComplete = await consumer.reader.run().then(
        (run) => run.isComplete,
        () => {
          failures += 1;
          return false;
        },
      );
    }

    expect(failures).toBeGreaterThan(0);
    expect(await consumer.handled()).toEqual(await publisher.published());
  });

  it("[F21] an idle poll is one request that is answered 304", async () => {
    await using publisher = await openPublisher(open);
    await using consumer = await openConsumer(openOther, publisher.host.base);
    await publisher.write(1, 7);
    await publisher.move();
    await consumer.reader.run();
    await consumer.reader.run();

    const idle = [await consumer.reader.run(), await consumer.reader.run()];

    expect(idle.map(({ requests }) => requests)).toEqual([1, 1]);
    expect(publisher.host.answered.get(304)).toBe(2);
  });

  it("[F26] a publisher whose database was replaced is noticed and read anew", async () => {
    await using first = await openPublisher(open);
    await using consumer = await openConsumer(openOther, first.host.base);
    await first.write(1, 7);
    await first.move();
    await consumer.reader.run();

    await using second = await openPublisher(open);
    await second.write(2, 3);
    await second.move();
    const reader = consumer.readerOf(second.host.base, first.host.base);
    await reader.run();

    expect(await consumer.handled()).toEqual([...(await first.published()), ...(await second.published())]);
  });
});

async function openPublisher(open: () => Promise<Database>) {
  const database = await open();
  await migrate(database, [...eventsMigrations, ...feedMigrations]);
  const outbox = new Outbox({ clock: systemClock, random: systemRandom });
  const server = createFeedServer({ database, clock: systemClock, identity: openmrsIdentity });
  const host = await openHttpHost(server.handle);
  return {
    host,
    async write(writer: number, count: number) {
      for (let n = 1; n <= count; n++) {
        await database.transaction(async (tx) => {
          const content = `/patient/${writer}?version=${n}`;
          const orderKey = `Patient/${writer}`;
          outbox.append(tx, { eventType: "resource.saved", category: "patient", title: "Patient", content, orderKey });
        });
      }
    },
    async move() {
      while ((await moveQueuedEvents(database)) > 0);
    },
    async published(): Promise<string[]> {
      return (await database.all<{ content: string }>(selectPublished)).map(({ content }) => content);
    },
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      await database.close();
    },
  };
}

async function openConsumer(open: () => Promise<Database>, base: string) {
  const database = await open();
  await migrate(database, feedMigrations);
  await database.transaction((tx) => tx.run(createHandled));

  /** A reader of the feed at `base`; with `servedAt`, the host behind that address has been replaced. */
  function readerOf(servedAt: string, address = servedAt): FeedReader {
    return new FeedReader({
      database,
      subscription: { consumer: "lab", feedUri: `${address}/patient/recent` },
      worker: {
        async process(event, tx) {
          await tx.run(insertHandled, [event.id, event.content ?? ""]);
        },
      },
      fetch: (page, request) => fetch(page.replace(address, servedAt), request),
      clock: systemClock,
      random: systemRandom,
    });
  }

  return {
    readerOf,
    reader: readerOf(base),
    async handled(): Promise<string[]> {
      return (await database.all<{ content: string }>(selectHandled)).map(({ content }) => content);
    },
    async [Symbol.asyncDispose]() {
      await database.close();
    },
  };
}
