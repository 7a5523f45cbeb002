import { type Database, migrate, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { eventsMigrations, moveQueuedEvents, Outbox } from "@tributary/events";
import { type HttpRequest, type HttpResponse, type Logger, seededRandom, silentLogger } from "@tributary/kernel";
import { describe, expect, it } from "vitest";
import { linkOf } from "../atom/atom-feed.ts";
import { parseAtomFeed } from "../atom/parse-atom-feed.ts";
import { feedMigrations } from "../migrations.ts";
import { addPageCut } from "./chunking-history.ts";
import { defaultIdentity, openmrsIdentity } from "./feed-identity.ts";
import { createFeedServer, type FeedServer, type FeedServerOptions } from "./feed-server.ts";

const base = "http://clinic.example/openmrs/ws/atomfeed";
const noon = Date.parse("2026-11-20T12:00:00.250Z");
const addCut = sql("insert into chunking_history (chunk_length, start) values ($1, $2)");
const setCut = sql("update chunking_history set chunk_length = $1 where start = $2");
const dropCuts = sql("delete from chunking_history");
const setDates = sql("update event_records set timestamp = '2026-11-20 11:59:58.900'");
const addOldRow = sql(`
  insert into event_records (id, uuid, title, timestamp, object, category, tags)
  values (1, 'e1', 'Patient', '2026-11-20 11:59:58.900', $1, 'patient', $2)`);
const countAll = sql("select count(*) as n from chunking_followed");

describeOnEachDatabase("the feed server", (open) => {
  it("[F12] serves each page's events oldest first, with the links of its place", async () => {
    await using node = await openNode(open);
    await node.raise("patient", 12);

    const recent = await node.page("patient/recent");
    const third = await node.page("patient/3");
    const second = await node.page("patient/2");
    const first = await node.page("patient/1");

    expect([first, second, third, recent].map(({ entries }) => entries.map(({ content }) => content?.text))).toEqual([
      ["/patient/1", "/patient/2", "/patient/3", "/patient/4", "/patient/5"],
      ["/patient/6", "/patient/7", "/patient/8", "/patient/9", "/patient/10"],
      ["/patient/11", "/patient/12"],
      ["/patient/11", "/patient/12"],
    ]);
    expect(linksOf(recent)).toEqual([
      ["self", `${base}/patient/recent`],
      ["via", `${base}/patient/3`],
      ["prev-archive", `${base}/patient/2`],
    ]);
    expect(linksOf(third)).toEqual([
      ["self", `${base}/patient/3`],
      ["via", `${base}/patient/3`],
      ["prev-archive", `${base}/patient/2`],
    ]);
    expect(linksOf(second)).toEqual([
      ["self", `${base}/patient/2`],
      ["via", `${base}/patient/2`],
      ["next-archive", `${base}/patient/3`],
      ["prev-archive", `${base}/patient/1`],
    ]);
    expect(linksOf(first).map(([rel]) => rel)).toEqual(["self", "via", "next-archive"]);
  });

  it("[F12] self is the request's address verbatim; the other pages' addresses drop its query", async () => {
    await using node = await openNode(open);
    await node.raise("patient", 6);

    const recent = await node.page("patient/recent?for=lab");

    expect(linksOf(recent)).toEqual([
      ["self", `${base}/patient/recent?for=lab`],
      ["via", `${base}/patient/2`],
      ["prev-archive", `${base}/patient/1`],
    ]);
  });

  it("[F1] serves the deployed servers' bytes", async () => {
    await using node = await openNode(open, { identity: openmrsIdentity, withExtensions: false });
    await node.database.transaction((tx) => tx.run(addOldRow, ["/patient/1?a&b", "patient,CREATED, t2,patient"]));
    await node.database.transaction((tx) => tx.run(listOldRow));
    await node.database.transaction((tx) => tx.run(headOldRow));

    const { body } = await node.get("patient/recent");

    expect(body).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        "  <title>Patient AOP</title>",
        `  <link rel="self" type="application/atom+xml" href="${base}/patient/recent" />`,
        `  <link rel="via" type="application/atom+xml" href="${base}/patient/1" />`,
        "  <author>",
        "    <name>OpenMRS</name>",
        "  </author>",
        "  <id>bec795b1-3d17-451d-b43e-a094019f6984+1</id>",
        '  <generator uri="https://github.com/ICT4H/atomfeed">OpenMRS Feed Publisher</generator>',
        "  <updated>2026-11-20T11:59:58Z</updated>",
        "  <entry>",
        "    <title>Patient</title>",
        '    <category term="patient" />',
        '    <category term="CREATED" />',
        '    <category term=" t2" />',
        "    <id>tag:atomfeed.ict4h.org:e1</id>",
        "    <updated>2026-11-20T11:59:58Z</updated>",
        "    <published>2026-11-20T11:59:58Z</published>",
        '    <content type="application/vnd.atomfeed+xml"><![CDATA[/patient/1?a&b]]></content>',
        "  </entry>",
        "</feed>",
        "",
        "",
      ].join("\r\n"),
    );
  });

  it("[F4] an old row that XML cannot carry does not break its page", async () => {
    await using node = await openNode(open);
    await node.database.transaction((tx) => tx.run(addOldRow, ["a ]]> \u0001 b", "patient"]));
    await node.database.transaction((tx) => tx.run(listOldRow));
    await node.database.transaction((tx) => tx.run(headOldRow));

    const page = await node.page("patient/1");

    expect(page.entries[0]?.content?.text).toBe("a ]]> \uFFFD b");
  });

  it("[F13] a feed without events is page 0: dated at midnight, empty, and no page to fetch", async () => {
    await using node = await openNode(open);

    const empty = await node.page("nobody-knows-it/recent");

    expect(empty).toMatchObject({ id: "+0", entries: [], updated: Date.parse("2026-11-20T00:00:00Z") });
    expect(linksOf(empty)).toEqual([
      ["self", `${base}/nobody-knows-it/recent`],
      ["via", `${base}/nobody-knows-it/0`],
    ]);
  });

  it.each([
    ["patient/3", "AtomFeedRuntimeException: feed does not exist"],
    ["patient/99999999999999999999999", "AtomFeedRuntimeException: feed does not exist"],
    ["nobody-knows-it/1", "AtomFeedRuntimeException: feed does not exist"],
    ["patient/0", "AtomFeedRuntimeException: feedId must not be null and must be greater than 0"],
    ["patient/-1", "AtomFeedRuntimeException: feedId must not be null and must be greater than 0"],
  ])("[F13] %s answers 500 with the text that clients look for, kept by no cache", async (path, text) => {
    await using node = await openNode(open);
    await node.raise("patient", 6);

    const response = await node.get(path);

    expect(response).toMatchObject({ status: 500, headers: { "cache-control": "no-store" } });
    expect(response.body).toContain(text);
  });

  it("[F13] a page that is no number is a client's mistake, and so is writing", async () => {
    await using node = await openNode(open);

    expect(await node.get("patient/abc")).toMatchObject({ status: 400 });
    expect(await node.get("patient/1.5")).toMatchObject({ status: 400 });
    expect(await node.get("patient/recent", { method: "POST" })).toMatchObject({
      status: 405,
      headers: { allow: "GET, HEAD" },
    });
  });

  it("[F14] categories that differ in case are one feed; interleaved categories are feeds of their own", async () => {
    await using node = await openNode(open);
    await node.raise("Encounter", 1);
    await node.raise("patient", 1);
    await node.raise("encounter", 1);

    const encounters = await node.page("ENCOUNTER/recent");
    const patients = await node.page("patient/recent");
    const all = await node.page("recent");

    expect(encounters.entries.map(({ categories }) => categories[0])).toEqual(["Encounter", "encounter"]);
    expect(patients.entries).toHaveLength(1);
    expect(all.entries.map(({ categories }) => categories[0])).toEqual(["Encounter", "patient", "encounter"]);
    expect(linkOf(all, "via")).toBe(`${base}/1`);
  });

  it("[F15] a reader that holds the current page gets 304 until an event arrives", async () => {
    await using node = await openNode(open);
    await node.raise("patient", 2);

    const { headers } = await node.get("patient/recent");
    const again = await node.get("patient/recent", { headers: { "if-none-match": `"other", W/${headers["etag"]}` } });
    await node.raise("patient", 1);
    const after = await node.get("patient/recent", { headers: { "if-none-match": headers["etag"]! } });

    expect(headers["cache-control"]).toBe("no-cache");
    expect(again).toEqual({ status: 304, headers: { etag: headers["etag"], "cache-control": "no-cache" } });
    expect(after.status).toBe(200);
    expect(after.headers["etag"]).not.toBe(headers["etag"]);
  });

  it("[F15] a full page gets another tag when its successor appears, though its events are the same", async () => {
    await using node = await openNode(open);
    await node.raise("patient", 5);

    const last = await node.get("patient/1");
    await node.raise("patient", 1);
    const archived = await node.get("patient/1", { headers: { "if-none-match": last.headers["etag"]! } });

    expect(last.headers["cache-control"]).toBe("no-cache");
    expect(archived.status).toBe(200);
    expect(archived.headers["cache-control"]).toBe("private, max-age=31536000, immutable");
  });

  it("[F16] an archived page's bytes never change, from memory or from the database", async () => {
    await using node = await openNode(open);
    await node.raise("patient", 6);

    const first = await node.get("patient/1");
    await node.raise("patient", 20);
    const fromMemory = await node.get("patient/1");
    const fromDatabase = await node.get("patient/1", {}, node.server({ sealedCharactersMax: 0 }));

    expect(fromMemory).toEqual(first);
    expect(fromDatabase).toEqual(first);
  });

  it("[F17] HEAD answers with the headers of GET and no body; Last-Modified is the newest event's date", async () => {
    await using node = await openNode(open);
    await node.raise("patient", 2);
    await node.database.transaction((tx) => tx.run(setDates));

    const got = await node.get("patient/recent");
    const head = await node.get("patient/recent", { method: "HEAD" });

    expect(got.headers).toMatchObject({
      "content-type": "application/atom+xml;charset=UTF-8",
      "last-modified": "Fri, 20 Nov 2026 11:59:58 GMT",
    });
    expect(head).toEqual({
      status: 200,
      headers: { ...got.headers, "content-length": String(Buffer.byteLength(String(got.body))) },
    });
  });

  it("[F18] our additions tell what the log knows; old clients pass over them", async () => {
    await using node = await openNode(open);
    await node.raise("patient", 6);

    const page = await node.page("patient/1");
    const bare = await node.page("patient/1", node.server({ withExtensions: false }));

    expect(page.isArchive).toBe(true);
    expect(page.log?.epoch).toMatch(/./);
    expect(page.entries[1]?.event).toMatchObject({
      position: 2,
      logPosition: 2,
      eventType: "resource.saved",
      entityType: "Patient",
      entityId: "2",
      version: 1,
      operation: "create",
      orderKey: "Patient/2",
      orderSequence: 1,
    });
    expect(bare).toMatchObject({ isArchive: false, log: undefined });
    expect(bare.entries[0]?.event).toBeUndefined();
  });

  it("[F11] follows a new page size from its start on, without a restart", async () => {
    await using node = await openNode(open);
    await node.raise("patient", 12);
    await node.page("patient/recent");

    await node.database.transaction((tx) => tx.run(addCut, [7, 16]));
    await node.page("patient/recent");
    await node.raise("patient", 12);

    const sizes = [];
    for (const page of [1, 2, 3, 4, 5]) sizes.push((await node.page(`patient/${page}`)).entries.length);
    expect(sizes).toEqual([5, 5, 5, 7, 2]);
  });

  it("[F11] follows a page size that was set through us from its start on, asked for or not", async () => {
    await using node = await openNode(open);
    await node.raise("patient", 12);

    await node.database.transaction((tx) => addPageCut(tx, { chunkLength: 7, start: 16 }));
    const late = node.database.transaction((tx) => addPageCut(tx, { chunkLength: 9, start: 12 }));
    await expect(late).rejects.toThrow("(9, 12) of chunking_history is not followed");
    await node.raise("patient", 12);

    expect((await node.page("patient/4")).entries).toHaveLength(7);
    expect((await node.page("patient/recent")).entries).toHaveLength(2);
    expect(node.warnings).toEqual([]);
  });

  it("[F11] never cuts anew what was handed out, whatever is done to the rows, and says so once", async () => {
    await using node = await openNode(open);
    await node.raise("patient", 12);
    const before = await node.get("patient/1");

    await node.database.transaction((tx) => tx.run(setCut, [3, 1]));
    const edited = await node.get("patient/1");
    await node.database.transaction((tx) => tx.run(dropCuts));
    const dropped = await node.get("patient/1", {}, node.server({}));
    await node.get("patient/1");

    expect([edited.body, dropped.body]).toEqual([before.body, before.body]);
    expect(node.warnings.filter((sentence) => sentence.includes("(3, 1)"))).toHaveLength(1);
    expect(await node.database.first(countAll)).toEqual({ n: 1 });
  });

  it("[F11] without any row no page can be cut, and the answer says so", async () => {
    await using node = await openNode(open);
    await node.database.transaction((tx) => tx.run(dropCuts));

    const response = await node.get("patient/recent");

    expect(response).toMatchObject({ status: 500 });
    expect(response.body).toContain("Chunking history configuration not set. ");
  });
});

describe("a feed's identity", () => {
  it("[F11] cutting by time is refused when the server is made", () => {
    const identity = { ...defaultIdentity, chunkingStrategy: "time" };

    expect(() => createFeedServer({ identity } as FeedServerOptions)).toThrow('set chunking.strategy to "number"');
  });
});

const listOldRow = sql(
  "insert into event_record_feeds (feed, feed_position, record_id) values ('category:patient', 1, 1)",
);
const headOldRow = sql("insert into event_feed_heads (feed, position) values ('category:patient', 1)");

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function openNode(open: () => Promise<Database>, options: Partial<FeedServerOptions> = {}) {
  const database = await open();
  await migrate(database, [...eventsMigrations, ...feedMigrations]);
  const clock = { now: () => noon, sleep: async () => {} };
  const outbox = new Outbox({ clock, random: seededRandom(1) });
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (_, sentence) => void warnings.push(sentence) };
  const server = (more: Partial<FeedServerOptions>): FeedServer =>
    createFeedServer({ database, clock, identity: defaultIdentity, logger, ...options, ...more });
  const usual = server({});
  const counts = new Map<string, number>();

  async function get(path: string, asked: Asked = {}, from = usual): Promise<HttpResponse> {
    const url = new URL(`${base}/${path}`);
    const [page = "", category] = path.replace(/\?.*/, "").split("/").reverse();
    const request: HttpRequest = {
      method: asked.method ?? "GET",
      url,
      headers: asked.headers ?? {},
      parameters: category === undefined ? { page } : { category, page },
      body: "",
      signal: new AbortController().signal,
    };
    return from.handle(request);
  }

  return {
    database,
    warnings,
    server,
    get,
    async page(path: string, from = usual) {
      const { status, body } = await get(path, {}, from);
      expect(status).toBe(200);
      return parseAtomFeed(String(body));
    },
    async raise(category: string, count: number) {
      await database.transaction(async (tx) => {
        for (let n = 1; n <= count; n++) {
          const id = String((counts.get(category) ?? 0) + 1);
          counts.set(category, Number(id));
          const entity = { type: "Patient", id };
          const described = { eventType: "resource.saved", title: "Patient", version: 1, operation: "create" as const };
          outbox.append(tx, {
            ...described,
            category,
            content: `/${category}/${id}`,
            orderKey: `${category === "patient" ? "Patient" : category}/${id}`,
            entity,
          });
        }
      });
      while ((await moveQueuedEvents(database)) > 0);
    },
    async [Symbol.asyncDispose]() {
      await database.close();
    },
  };
}

function linksOf(feed: ReturnType<typeof parseAtomFeed>): [string, string][] {
  return feed.links.map(({ rel, href }) => [rel, href]);
}
