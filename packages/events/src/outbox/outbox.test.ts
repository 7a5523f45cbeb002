import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { anEventDraft, moveAllQueuedEvents, publishAll, readWholeLog, setUpEvents } from "../../testing/index.ts";
import { streamFeed } from "../records/feed-name.ts";
import { readFeedHead } from "../records/read-records.ts";

const countRows = sql(`
  select (select count(*) from event_records) + (select count(*) from event_records_queue)
       + (select count(*) from event_streams) + (select count(*) from event_feed_heads) as n`);

describeOnEachDatabase("the outbox", (open) => {
  it("[E1] an event is in the log exactly when its transaction committed", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);

    await publishAll(database, outbox, [anEventDraft({ content: "kept" })]);
    const failing = database.transaction(async (tx) => {
      outbox.append(tx, anEventDraft({ content: "lost" }));
      throw new Error("no");
    });

    await expect(failing).rejects.toThrow("no");
    await moveAllQueuedEvents(database);
    expect((await readWholeLog(database)).map(({ content }) => content)).toEqual(["kept"]);
  });

  it("[E1] asks for an event's streams when the whole of its transaction is known", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    const streams: string[] = [];
    using _ = outbox.onWriting(async () => {
      streams.push("clinic");
      return [anEventDraft({ content: "because of the others", streams })];
    });

    await database.transaction(async (tx) => {
      outbox.append(tx, anEventDraft({ streams: () => streams }));
      await tx.savepoint(async (inner) => outbox.append(inner, anEventDraft({ streams: () => streams })));
    });

    await moveAllQueuedEvents(database);
    expect(await readFeedHead(database, streamFeed("clinic"))).toBe(3);
  });

  it("[E1] a transaction that is rolled back after its events were written leaves nothing", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);

    const vetoed = database.transaction(async (tx) => {
      outbox.append(tx, anEventDraft({ streams: ["everything"] }));
      tx.beforeCommit(() => {
        throw new Error("late veto");
      });
    });

    await expect(vetoed).rejects.toThrow("late veto");
    expect(await database.first(countRows)).toEqual({ n: 0 });
  });

  it("[E2] a savepoint that is rolled back takes its own events along and no others", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);

    await database.transaction(async (tx) => {
      outbox.append(tx, anEventDraft({ content: "before" }));
      await tx
        .savepoint(async (inner) => {
          outbox.append(inner, anEventDraft({ content: "undone" }));
          await inner.savepoint(async (innermost) => outbox.append(innermost, anEventDraft({ content: "undone too" })));
          throw new Error("inner fails");
        })
        .catch(() => {});
      await tx.savepoint(async (inner) => outbox.append(inner, anEventDraft({ content: "kept" })));
      outbox.append(tx, anEventDraft({ content: "after" }));
    });
    await moveAllQueuedEvents(database);

    const log = await readWholeLog(database);
    expect(log.map(({ content }) => content)).toEqual(["before", "kept", "after"]);
    expect(log.map(({ orderSequence }) => orderSequence)).toEqual([1, 2, 3]);
    expect(log.map(({ transactionIndex, transactionSize }) => [transactionIndex, transactionSize])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
  });

  it("[E8] appending to a transaction that has ended is refused", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);

    const ended = await database.transaction(async (tx) => tx);
    const released = await database.transaction(async (tx) => {
      const inner = await tx.savepoint(async (level) => level);
      expect(() => outbox.append(inner, anEventDraft())).toThrow("has already ended");
      return inner;
    });

    for (const tx of [ended, released]) expect(() => outbox.append(tx, anEventDraft())).toThrow("has already ended");
    await moveAllQueuedEvents(database);
    expect(await readWholeLog(database)).toEqual([]);
  });

  it("[E9] positions run from 1 without a gap, across rolled back transactions", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);

    for (const [index, fails] of [false, true, false, true, true, false].entries()) {
      await database
        .transaction(async (tx) => {
          outbox.append(tx, anEventDraft({ orderKey: `Patient/${index}` }));
          outbox.append(tx, anEventDraft({ orderKey: null }));
          if (fails) tx.beforeCommit(() => Promise.reject(new Error("no")));
        })
        .catch(() => {});
    }
    await moveAllQueuedEvents(database);

    expect((await readWholeLog(database)).map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("[E11] an order key is numbered from 1 without a gap, in the order of its commits", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);

    await publishAll(database, outbox, [
      anEventDraft({ orderKey: "Patient/a", content: "a1" }),
      anEventDraft({ orderKey: "Patient/b", content: "b1" }),
      anEventDraft({ orderKey: "Patient/a", content: "a2" }),
      anEventDraft({ orderKey: null, content: "unordered" }),
    ]);
    await publishAll(database, outbox, [
      anEventDraft({ orderKey: "Patient/b", content: "b2" }),
      anEventDraft({ orderKey: "Patient/a", content: "a3" }),
    ]);

    const log = await readWholeLog(database);
    expect(log.map(({ content, orderKey, orderSequence }) => [content, orderKey, orderSequence])).toEqual([
      ["a1", "Patient/a", 1],
      ["b1", "Patient/b", 1],
      ["a2", "Patient/a", 2],
      ["unordered", null, null],
      ["b2", "Patient/b", 2],
      ["a3", "Patient/a", 3],
    ]);
  });

  it("[E14] a transaction's records carry its name, their place in it, and its size", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);

    const names: string[] = [];
    for (const size of [2, 1]) {
      await database.transaction(async (tx) => {
        names.push(tx.id);
        for (let index = 0; index < size; index++) outbox.append(tx, anEventDraft());
      });
    }
    await moveAllQueuedEvents(database);

    const log = await readWholeLog(database);
    expect(log.map((record) => [record.transactionId, record.transactionIndex, record.transactionSize])).toEqual([
      [names[0], 0, 2],
      [names[0], 1, 2],
      [names[1], 0, 1],
    ]);
  });

  it("[E14] change sets of one transaction are told as transactions of their own, in the order of the appends", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    let name = "";

    await database.transaction(async (tx) => {
      name = tx.id;
      for (const changeSet of ["first", "second", "first"]) outbox.append(tx, anEventDraft({ changeSet }));
      outbox.append(tx, anEventDraft());
      tx.beforeCommit(() => outbox.append(tx, anEventDraft({ changeSet: "second" })));
    });
    await moveAllQueuedEvents(database);

    const log = await readWholeLog(database);
    expect(log.map((record) => [record.transactionId, record.transactionIndex, record.transactionSize])).toEqual([
      ["first", 0, 2],
      ["second", 0, 1],
      ["first", 1, 2],
      [name, 0, 1],
      ["second", 1, 2],
    ]);
  });

  it("[E14] what a hook appends after the writing is written too, and the last record tells the size", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);

    await database.transaction(async (tx) => {
      outbox.append(tx, anEventDraft({ content: "first" }));
      tx.beforeCommit(() => outbox.append(tx, anEventDraft({ content: "late" })));
    });
    await moveAllQueuedEvents(database);

    const log = await readWholeLog(database);
    expect(log.map(({ content }) => content)).toEqual(["first", "late"]);
    expect(log.at(-1)).toMatchObject({ transactionIndex: 1, transactionSize: 2, orderSequence: 2 });
  });

  it("[E21] a record keeps everything that its draft said, under the historic meanings", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    const before = Date.now();

    await publishAll(database, outbox, [
      anEventDraft({
        eventType: "appointment.booked",
        category: "Appointments",
        title: "Appointment",
        content: "/appointments/7",
        uri: "/appointments/7",
        tags: ["  urgent \n  today ", "ward-3"],
        orderKey: "Patient/9",
        entity: { type: "Appointment", id: "7" },
        version: 3,
        operation: "update",
        bodyHash: "ab12",
        originNode: "clinic-a",
        originOperation: "op-5",
        occurredAt: Date.UTC(2024, 1, 29, 12, 30, 15, 120),
        uuid: "0190b9d0-0000-7000-8000-000000000001",
      }),
    ]);

    const [record] = await readWholeLog(database);
    expect(record).toMatchObject({
      position: 1,
      uuid: "0190b9d0-0000-7000-8000-000000000001",
      title: "Appointment",
      category: "Appointments",
      content: "/appointments/7",
      uri: "/appointments/7",
      tags: "Appointments,urgent today,ward-3",
      raisedAt: Date.UTC(2024, 1, 29, 12, 30, 15, 120),
      eventType: "appointment.booked",
      entityType: "Appointment",
      entityId: "7",
      version: 3,
      operation: "update",
      bodyHash: "ab12",
      originNode: "clinic-a",
      originOperation: "op-5",
      orderKey: "Patient/9",
      orderSequence: 1,
    });
    expect(record!.publishedAt).toBeGreaterThanOrEqual(before - 1);
    expect(record!.publishedAt).toBeLessThanOrEqual(Date.now() + 1);
  });

  it("[E22] content longer than the historic 1,000 characters is kept whole", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    const content = JSON.stringify({ text: "ä€😀".repeat(20_000) });
    const tags = Array.from({ length: 100 }, (_, n) => `tag-${n}`);

    await publishAll(database, outbox, [anEventDraft({ content, tags })]);

    const [record] = await readWholeLog(database);
    expect(record?.content).toBe(content);
    expect(record?.tags).toBe(["patient", ...tags].join(","));
  });

  it("[E23] an event that no page could carry rolls its transaction back", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);

    const raising = database.transaction(async (tx) => {
      outbox.append(tx, anEventDraft());
      outbox.append(tx, anEventDraft({ content: "<![CDATA[x]]>" }));
    });

    await expect(raising).rejects.toMatchObject({ code: "CONTENT_NOT_CARRIABLE" });
    await moveAllQueuedEvents(database);
    expect(await readWholeLog(database)).toEqual([]);
  });

  it("[E26] a listener is told once per commit that appended, and not of a rollback", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    const told: string[] = [];
    const subscription = outbox.onAppended(() => void told.push("appended"));

    await publishAll(database, outbox, [anEventDraft(), anEventDraft()]);
    await database.transaction(async () => {});
    await database
      .transaction(async (tx) => {
        outbox.append(tx, anEventDraft());
        throw new Error("no");
      })
      .catch(() => {});
    subscription[Symbol.dispose]();
    await publishAll(database, outbox, [anEventDraft()]);

    expect(told).toEqual(["appended"]);
  });

  it("[E27] transactions that share order keys do not deadlock over them, whatever the order of their events", async () => {
    await using database = await open();
    const outbox = await setUpEvents(database);
    const keys = Array.from({ length: 8 }, (_, n) => `Patient/${n}`);
    let attempts = 0;

    await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        database.transaction(async (tx) => {
          attempts += 1;
          for (const orderKey of n % 2 ? keys : keys.toReversed()) outbox.append(tx, anEventDraft({ orderKey }));
        }),
      ),
    );

    expect(attempts).toBe(60);
  });
});
