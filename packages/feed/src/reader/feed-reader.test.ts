import { type Database, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { TributaryError } from "@tributary/kernel";
import { expect, it } from "vitest";
import { FakePublisher } from "../../testing/fake-publisher.ts";
import { insertHandled, openReading } from "../../testing/reading.ts";
import { writeAtomFeed } from "../atom/write-atom-feed.ts";
import { readMarker } from "./marker.ts";

const readMarkers = sql(`
  select consumer, feed_uri, last_read_entry_id, feed_uri_for_last_read_entry from markers order by consumer`);
const setMarker = sql(`
  insert into markers (feed_uri, last_read_entry_id, feed_uri_for_last_read_entry, consumer) values ($1, $2, $3, $4)`);
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => `/patient/${from + n}`);

describeOnEachDatabase("a feed reader", (open) => {
  it("[F20] reads every event once, oldest first, and keeps the historic marker", async () => {
    await using reading = await openReading(open);
    reading.publisher.publish(...numbers(1, 13));

    const run = await reading.reader().run();

    expect(run).toMatchObject({ processed: 13, isComplete: true });
    expect(await reading.handled()).toEqual(numbers(1, 13));
    expect(await reading.database.all(readMarkers)).toEqual([
      {
        consumer: "lab",
        feed_uri: "http://parent.example/ws/atomfeed/patient/recent",
        last_read_entry_id: "tag:atomfeed.ict4h.org:13",
        feed_uri_for_last_read_entry: "http://parent.example/ws/atomfeed/patient/3",
      },
    ]);
  });

  it("[F20] goes on in the middle of a page, on a page that was full, and over several pages", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;

    for (const upTo of [3, 5, 6, 19, 19]) {
      publisher.publish(...numbers(publisher.entries.length + 1, upTo));
      await reading.reader().run();
    }

    expect(await reading.handled()).toEqual(numbers(1, 19));
  });

  it("[F20] stops at a number of events and goes on there", async () => {
    await using reading = await openReading(open);
    reading.publisher.publish(...numbers(1, 12));
    const reader = reading.reader();

    const first = await reader.run({ entriesMax: 7 });
    const second = await reader.run({ entriesMax: 7 });

    expect([first.processed, first.isComplete]).toEqual([7, false]);
    expect([second.processed, second.isComplete]).toEqual([5, true]);
    expect(await reading.handled()).toEqual(numbers(1, 12));
  });

  it("[F20] passes over empty pages in the middle", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish(...numbers(1, 13));
    const links = publisher.document("2")!.links.map(({ rel, href }) => `<link rel="${rel}" href="${href}" />`);
    const body = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Empty</title>${links.join("")}</feed>`;
    publisher.answerWith((path) => (path === "2" ? { body } : undefined));

    await reading.reader().run();

    expect(await reading.handled()).toEqual([...numbers(1, 5), ...numbers(11, 13)]);
  });

  it("[F21] asks once, with the page's tag, when there is nothing new", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish(...numbers(1, 7));
    const reader = reading.reader();
    await reader.run();
    await reader.run();
    publisher.requests.length = 0;

    const idle = await reader.run();
    publisher.publish("/patient/8");
    const busy = await reader.run();

    expect(idle).toMatchObject({ processed: 0, requests: 1, isComplete: true });
    expect(busy).toMatchObject({ processed: 1, requests: 1 });
    expect(publisher.requests).toEqual(["2 304", "2 200"]);
  });

  it("[F21] fetches no page twice when it crawls a feed from the beginning", async () => {
    await using reading = await openReading(open);
    reading.publisher.publish(...numbers(1, 42));

    const run = await reading.reader().run();

    expect(run).toMatchObject({ processed: 42, requests: 9 });
    expect(reading.publisher.requests.slice(0, 3)).toEqual(["recent 200", "1 200", "2 200"]);
  });

  it("[F21] fetches no page twice where pages have to be walked back", async () => {
    const publisher = new FakePublisher({ nameOf: (page) => `p${"x".repeat(page)}` });
    await using reading = await openReading(open, publisher);
    publisher.publish(...numbers(1, 42));

    const run = await reading.reader().run();

    expect(await reading.handled()).toEqual(numbers(1, 42));
    expect(run.requests).toBe(9);
  });

  it("[F22] begins now, at a date, or after an entry, and stays with that decision", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish(...numbers(1, 33));
    const starts = {
      now: "now",
      date: { date: Date.parse("2026-11-20T12:21:30Z") },
      entry: { entry: "tag:atomfeed.ict4h.org:29" },
    } as const;

    for (const [consumer, start] of Object.entries(starts)) {
      const subscription = { consumer, feedUri: publisher.feedUri };
      await reading.reader({ subscription, start }).run();
    }
    const byDateAndEntry = await reading.handled();
    publisher.publish("/patient/34");
    const subscription = { consumer: "now", feedUri: publisher.feedUri };
    await reading.reader({ subscription, start: "beginning" }).run();

    expect(byDateAndEntry).toEqual([...numbers(23, 33), ...numbers(30, 33)]);
    expect((await reading.handled()).slice(byDateAndEntry.length)).toEqual(["/patient/34"]);
  });

  it("[F22] a date is found where pages have to be walked back, and after the last event it means the next one", async () => {
    const publisher = new FakePublisher({ nameOf: (page) => `page-${page}-` });
    await using reading = await openReading(open, publisher);
    publisher.publish(...numbers(1, 33));

    await reading.reader({ start: { date: Date.parse("2026-11-20T12:24:00Z") } }).run();
    const feedUri = publisher.feedUri;
    const future = { start: { date: Date.parse("2027-01-01T00:00:00Z") }, subscription: { consumer: "late", feedUri } };
    await reading.reader(future).run();
    publisher.publish("/patient/34");
    await reading.reader(future).run();

    expect(await reading.handled()).toEqual([...numbers(25, 33), "/patient/34"]);
  });

  it("[F22] 'now' in an empty feed means its first event, however many come before the next poll", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;

    const empty = await reading.reader({ start: "now" }).run();
    publisher.publish(...numbers(1, 8));
    await reading.reader({ start: "now" }).run();

    expect(empty).toMatchObject({ processed: 0, isComplete: true });
    expect(await reading.handled()).toEqual(numbers(1, 8));
  });

  it("[F22] an entry to start after that is not there stops the reader before the first event", async () => {
    await using reading = await openReading(open);
    reading.publisher.publish(...numbers(1, 8));

    const failing = reading.reader({ start: { entry: "tag:nowhere" } }).run();

    await expect(failing).rejects.toMatchObject({ code: "FEED_ENTRY_MISSING" });
    expect(await reading.handled()).toEqual([]);
  });

  it("[F23] two consumers of one feed have a marker each", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    const { feedUri } = publisher;
    publisher.publish(...numbers(1, 6));

    await reading.reader({ subscription: { consumer: "lab", feedUri } }).run({ entriesMax: 2 });
    await reading.reader({ subscription: { consumer: "drugs", feedUri } }).run();
    await reading.reader({ subscription: { consumer: "lab", feedUri } }).run();

    expect(await reading.handled()).toEqual([...numbers(1, 2), ...numbers(1, 6), ...numbers(3, 6)]);
  });

  it("[F23] goes on from a marker that knows no consumer, as its own or as the one it begins with", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    const { feedUri } = publisher;
    publisher.publish(...numbers(1, 8));
    await reading.database.transaction((tx) =>
      tx.run(setMarker, [feedUri, "tag:atomfeed.ict4h.org:4", `${publisher.base}/1`, ""]),
    );

    await reading.reader({ subscription: { consumer: "", feedUri } }).run();
    await reading.database.transaction((tx) =>
      tx.run(sql("update markers set last_read_entry_id = 'tag:atomfeed.ict4h.org:7'")),
    );
    await reading.reader({ subscription: { consumer: "drugs", feedUri }, start: "shared-marker" }).run();

    expect(await reading.handled()).toEqual([...numbers(5, 8), "/patient/8"]);
  });

  it("[F23] a marker without an entry stands at the start of its page", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish(...numbers(1, 8));
    await reading.database.transaction((tx) =>
      tx.run(setMarker, [publisher.feedUri, null, `${publisher.base}/2`, "lab"]),
    );

    await reading.reader().run();

    expect(await reading.handled()).toEqual(numbers(6, 8));
  });

  it("[F23] a marker without a page stands at its entry, or at the start of the feed", async () => {
    await using reading = await openReading(open);
    const { feedUri } = reading.publisher;
    reading.publisher.publish(...numbers(1, 8));
    await reading.database.transaction(async (tx) => {
      await tx.run(setMarker, [feedUri, "tag:atomfeed.ict4h.org:4", null, "lab"]);
      await tx.run(setMarker, [feedUri, null, null, "drugs"]);
    });

    await reading.reader().run();
    await reading.reader({ subscription: { consumer: "drugs", feedUri } }).run();

    expect(await reading.handled()).toEqual([...numbers(5, 8), ...numbers(1, 8)]);
  });

  it("[F24] a crash after the worker and before the commit leaves neither its work nor the marker's move", async () => {
    await using reading = await openReading(open);
    reading.publisher.publish(...numbers(1, 7));
    const crashing = dyingBeforeCommit(reading.database, 4);

    const run = reading.reader({ database: crashing }).run();
    await expect(run).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    const beforeRestart = await reading.handled();
    await reading.reader().run();

    expect(beforeRestart).toEqual(numbers(1, 3));
    expect(await reading.handled()).toEqual(numbers(1, 7));
  });

  it("[F24] of two readers of one subscription that meet, one is stopped and no event is processed twice", async () => {
    await using reading = await openReading(open);
    reading.publisher.publish(...numbers(1, 30));

    const runs = await Promise.allSettled([reading.reader().run(), reading.reader().run()]);
    await reading.reader().run();

    const reasons = runs.flatMap((run) => (run.status === "rejected" ? [(run.reason as TributaryError).code] : []));
    expect(reasons.every((code) => code === "FEED_MARKER_MOVED")).toBe(true);
    expect(await reading.handled()).toEqual(numbers(1, 30));
  });

  it("[F24] an aborted run stops between two events and goes on there", async () => {
    await using reading = await openReading(open);
    reading.publisher.publish(...numbers(1, 7));
    const stop = new AbortController();
    const reader = reading.reader({
      worker: {
        async process(event, tx) {
          await tx.run(insertHandled, [event.content ?? "", 0]);
          if (event.content === "/patient/3") stop.abort(new Error("shut down"));
        },
      },
    });

    await expect(reader.run({ signal: stop.signal })).rejects.toThrow("shut down");
    await reader.run();

    expect(await reading.handled()).toEqual(numbers(1, 7));
  });

  it("[F25] an entry that appears twice is processed once", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish("/patient/1", "/patient/2");
    publisher.add({ id: "tag:atomfeed.ict4h.org:1", content: { type: "text", text: "/patient/1" } });
    publisher.publish("/patient/4");

    const run = await reading.reader().run();

    expect(run).toMatchObject({ processed: 3, duplicates: 1 });
    expect(await reading.handled()).toEqual(["/patient/1", "/patient/2", "/patient/4"]);
  });

  it("[F25] entries without id, dates or content are processed once each", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    const nameless = { id: undefined, updated: undefined, published: undefined };
    publisher.add({ ...nameless, content: { type: "text", text: "same" } });
    publisher.add({ ...nameless, content: { type: "text", text: "same" } });
    publisher.add(nameless);

    const reader = reading.reader();
    await reader.run();
    await reader.run();

    expect(await reading.handled()).toEqual(["same", "same", ""]);
    expect(reading.events[0]).toMatchObject({ publishedAt: undefined, title: "Patient" });
  });

  it("[F26] when pages were cut anew it goes on after the marker's entry, wherever that stands now", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish(...numbers(1, 13));
    await reading.reader().run();

    publisher.cuts = [{ chunkLength: 3, start: 1 }];
    publisher.publish(...numbers(14, 20));
    const run = await reading.reader().run();
    const again = await reading.reader().run();

    expect(run).toMatchObject({ processed: 7, duplicates: 0 });
    expect(again).toMatchObject({ processed: 0, isComplete: true });
    expect(await reading.handled()).toEqual(numbers(1, 20));
  });

  it("[F26] when the publisher lost its newest events it recognises the rest and misses nothing new", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish(...numbers(1, 13));
    await reading.reader().run();

    publisher.entries.splice(8);
    publisher.add({ id: "tag:new:1", content: { type: "text", text: "/patient/new" } });
    const run = await reading.reader().run();

    expect(run).toMatchObject({ processed: 1, duplicates: 8 });
    expect(await reading.handled()).toEqual([...numbers(1, 13), "/patient/new"]);
    expect(reading.warnings.join()).toContain("is gone");
  });

  it.each([
    ["beginning", numbers(101, 107), "/patient/108"],
    ["now", [], "/patient/108"],
  ] as const)(
    "[F26] when the publisher was rebuilt with other events it starts again: %s",
    async (policy, first, next) => {
      await using reading = await openReading(open);
      const { publisher } = reading;
      publisher.publish(...numbers(1, 13));
      await reading.reader().run();

      publisher.entries.length = 0;
      for (const content of numbers(101, 107))
        publisher.add({ id: `tag:rebuilt:${content}`, content: { type: "text", text: content } });
      await reading.reader({ onLostMarker: policy }).run();
      publisher.add({ id: "tag:rebuilt:next", content: { type: "text", text: next } });
      await reading.reader({ onLostMarker: policy }).run();

      expect(await reading.handled()).toEqual([...numbers(1, 13), ...first, next]);
    },
  );

  it("[F26] when the publisher was rebuilt and the policy is to stop, nothing is read and the marker stays", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish(...numbers(1, 3));
    await reading.reader().run();
    const subscription = { consumer: "lab", feedUri: publisher.feedUri };
    const before = await readMarker(reading.database, subscription);

    publisher.entries.length = 0;
    publisher.add({ id: "tag:rebuilt:1" });
    const stopped = reading.reader({ onLostMarker: "stop" }).run();

    await expect(stopped).rejects.toMatchObject({ code: "FEED_ENTRY_MISSING" });
    expect(await readMarker(reading.database, subscription)).toEqual(before);
  });

  it.each([
    ["no line", new Error("ECONNREFUSED"), "REMOTE_UNAVAILABLE", true],
    ["an overloaded server", { status: 503 }, "REMOTE_UNAVAILABLE", true],
    ["another 500", { status: 500, body: "NullPointerException" }, "REMOTE_UNAVAILABLE", true],
    ["an expired session", { status: 401 }, "REMOTE_REFUSED", false],
    ["no permission", { status: 403 }, "REMOTE_REFUSED", false],
    ["a page that is not there", { status: 404 }, "REMOTE_REFUSED", false],
    [
      "a portal's page",
      { headers: { "content-type": "text/html" }, body: "<html><body>Log in<p></body></html>" },
      "FEED_UNREADABLE",
      true,
    ],
    [
      "a page cut short",
      { body: '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>' },
      "FEED_UNREADABLE",
      true,
    ],
    [
      "a redirect to another host",
      { status: 302, headers: { location: "http://portal.example/login" } },
      "REMOTE_REFUSED",
      false,
    ],
    [
      "a redirect in a circle",
      { status: 302, headers: { location: "/ws/atomfeed/patient/recent" } },
      "REMOTE_REFUSED",
      false,
    ],
    ["a redirect to a file", { status: 302, headers: { location: "file:///etc/passwd" } }, "REMOTE_REFUSED", false],
    ["a 304 that nobody asked for", { status: 304 }, "REMOTE_NONSENSE", false],
    ["a page without end", { body: " ".repeat(40_000) }, "PAYLOAD_TOO_LARGE", false],
  ])(
    "[F27] %s stops the run with its code; the marker stays and the next run goes on",
    async (_, answer, code, retryable) => {
      await using reading = await openReading(open);
      const { publisher } = reading;
      publisher.publish(...numbers(1, 4));
      const reader = reading.reader({ pageBytesMax: 30_000 });
      await reader.run({ entriesMax: 2 });

      publisher.answerWith(() => answer);
      const error = await reader.run().catch((thrown: unknown) => thrown);
      publisher.answerWith(undefined);
      await reader.run();

      expect(error).toMatchObject({ code, retryable });
      expect(await reading.handled()).toEqual(numbers(1, 4));
    },
  );

  it("[F27] a run that loses the line in the middle goes on where it was", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish(...numbers(1, 20));

    publisher.answerWith((path) => (path === "3" ? { status: 403 } : undefined));
    await expect(reading.reader().run()).rejects.toMatchObject({ code: "REMOTE_REFUSED" });
    const before = await reading.handled();
    publisher.answerWith(undefined);
    await reading.reader().run();

    expect(before).toEqual(numbers(1, 10));
    expect(await reading.handled()).toEqual(numbers(1, 20));
  });

  it("[F27] a server that does not answer is given up after the time-out", async () => {
    await using reading = await openReading(open);
    const silent = reading.reader({ timeoutMs: 5_000, fetch: () => new Promise(() => {}) }).run();
    await new Promise((later) => setImmediate(later));

    for (let n = 0; n < 20; n++) {
      await new Promise((later) => setTimeout(later, 5));
      reading.clock.advance(1_000);
    }

    await expect(silent).rejects.toThrow("did not answer within 5000 ms");
  });

  it("[F28] follows a redirect on the same host, and asks the subscribed host for links that name another", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish(...numbers(1, 8));
    const asked: string[] = [];
    const feedUri = "https://proxy.example/ws/atomfeed/patient/recent";

    const reader = reading.reader({
      subscription: { consumer: "lab", feedUri },
      fetch: (address, request) => {
        asked.push(address);
        return publisher.fetch(address, request);
      },
    });
    publisher.answerWith((path) =>
      path === "recent?x" ? pageAt(publisher) : path === "recent" ? redirectToX : undefined,
    );
    await reader.run();
    await reader.run();

    expect(await reading.handled()).toEqual(numbers(1, 8));
    expect(new Set(asked.map((address) => new URL(address).host))).toEqual(new Set(["proxy.example"]));
    expect(await reading.database.first(readMarkers)).toMatchObject({
      feed_uri: feedUri,
      feed_uri_for_last_read_entry: "http://parent.example/ws/atomfeed/patient/2",
    });
  });

  it("[F28] can be told to refuse links to other hosts", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish(...numbers(1, 8));
    const subscription = { consumer: "lab", feedUri: "https://proxy.example/ws/atomfeed/patient/recent" };

    const refused = reading.reader({ subscription, foreignLinks: "refuse" }).run();

    await expect(refused).rejects.toThrow("links to another host, parent.example");
  });

  it("[F20] gathers what the worker needs before the transaction, and hands it in", async () => {
    await using reading = await openReading(open);
    reading.publisher.publish("/patient/1");
    const heard: string[] = [];

    await reading
      .reader({
        worker: {
          async prepare(event: { content: string | undefined }) {
            heard.push(`prepare ${event.content}`);
            return undefined;
          },
          async process(event) {
            heard.push(`process ${event.content}`);
          },
        },
      })
      .run();

    expect(heard).toEqual(["prepare /patient/1", "process /patient/1"]);
  });
});

const redirectToX = { status: 307, headers: { location: "https://proxy.example/ws/atomfeed/patient/recent?x" } };

function pageAt(publisher: FakePublisher) {
  return { body: writeAtomFeed(publisher.document("recent")!) };
}

/** A database whose process dies at the end of its `nth` transaction, just before the commit. */
function dyingBeforeCommit(database: Database, nth: number): Database {
  let transactions = 0;
  return Object.assign(Object.create(database) as Database, {
    dialect: database.dialect,
    all: database.all.bind(database),
    first: database.first.bind(database),
    query: database.query.bind(database),
    transaction: ((work) =>
      database.transaction(async (tx) => {
        const result = await work(tx);
        transactions += 1;
        if (transactions >= nth) throw new TributaryError("DATABASE_UNAVAILABLE", "The process is dead.");
        return result;
      })) satisfies Database["transaction"],
  });
}
