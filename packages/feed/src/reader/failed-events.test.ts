import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { TributaryError } from "@tributary/kernel";
import { describe, expect, it } from "vitest";
import { FakePublisher } from "../../testing/fake-publisher.ts";
import { openReading } from "../../testing/reading.ts";
import { discardFailedEvent, retryFailedEvent } from "./decide-failed-event.ts";
import { javaHashCode } from "./java-hash-code.ts";
import { listFailedEvents } from "./list-failed-events.ts";
import { readMarker } from "./marker.ts";

const readFailed = sql(`
  select feed_uri, error_message, event_id, event_content, error_hash_code, title, retries, tags from failed_events
  order by id`);
const readLog = sql("select event_id, event_content, error_message from failed_event_retry_log order by id");
const insertHistoric = sql(`
  insert into failed_events (feed_uri, failed_at, error_message, event_id, event_content, error_hash_code, title, tags,
    state, next_retry_at)
  values ($1, '2020-01-01 00:00:00', 'old', 'tag:atomfeed.ict4h.org:old', '/patient/old', 1, 'Patient', 'patient,x',
    'retrying', 0)`);
const day = 86_400_000;
const refusal = new Error("The worker cannot do it.");

describeOnEachDatabase("failed events", (open) => {
  it("[F30] a failed event is kept, its work is undone, and the feed goes on", async () => {
    await using reading = await openReading(open);
    reading.failures.set("/patient/2", refusal);
    reading.publisher.publish("/patient/1", "/patient/2", "/patient/3");

    const run = await reading.reader().run();

    expect(run).toMatchObject({ processed: 2, failed: 1, failedEvents: { retrying: 1, waiting: 0, dead: 0 } });
    expect(await reading.handled()).toEqual(["/patient/1", "/patient/3"]);
    const [failed] = await reading.database.all<{ error_message: string; error_hash_code: number }>(readFailed);
    expect(failed).toMatchObject({
      feed_uri: reading.publisher.feedUri,
      event_id: "tag:atomfeed.ict4h.org:2",
      event_content: "/patient/2",
      title: "Patient",
      retries: 0,
      tags: "patient",
    });
    expect(failed?.error_message).toContain(
      `Failed processing event in feed [${reading.publisher.base}/1] \nError: The worker`,
    );
    expect(failed?.error_hash_code).toBe(javaHashCode(failed!.error_message));
  });

  it("[F30] a hundred failed events do not stop the feed; they raise one warning a run", async () => {
    await using reading = await openReading(open);
    const contents = Array.from({ length: 100 }, (_, n) => `/patient/bad-${n}`);
    for (const content of contents) reading.failures.set(content, refusal);
    reading.publisher.publish(...contents, "/patient/good");

    const run = await reading.reader().run();

    expect(run).toMatchObject({ processed: 1, failed: 100, isComplete: true });
    expect(reading.warnings).toEqual(["Failed events pile up; somebody should look at them."]);
  });

  it("[F30] what a failure says is cut at 4000 characters and holds nothing a database refuses", async () => {
    await using reading = await openReading(open);
    reading.failures.set("/patient/1", new Error(`nul \0 half \uD800 ${"x".repeat(9_000)}`));
    reading.publisher.publish("/patient/1");

    await reading.reader().run();

    const [failed] = await listFailedEvents(reading.database);
    expect(failed?.message).toHaveLength(4_000);
    expect(failed?.message).toContain("nul \uFFFD half \uFFFD");
  });

  it("[F31] a retry is told by a null feed address; success removes the event and its history", async () => {
    await using reading = await openReading(open);
    const reader = reading.reader();
    reading.failures.set("/patient/1", refusal);
    reading.publisher.publish("/patient/1");
    await reader.run();
    reading.clock.advance(day);
    await reader.run();
    reading.failures.clear();
    reading.clock.advance(day);

    const run = await reader.run();

    expect(run.retries).toEqual({ succeeded: 1, failed: 0 });
    expect(await reading.handled()).toEqual(["/patient/1"]);
    expect(reading.events.map(({ feedUri, isRetry }) => [feedUri, isRetry])).toEqual([
      [reading.publisher.feedUri, false],
      [null, true],
      [null, true],
    ]);
    const { feedUri: _, isRetry: __, ...first } = reading.events[0]!;
    const { feedUri: ___, isRetry: ____, ...last } = reading.events[2]!;
    expect(last).toEqual(first);
    expect(await reading.database.all(readFailed)).toEqual([]);
    expect(await reading.database.all(readLog)).toEqual([]);
  });

  it("[F31] each failed retry is logged; the first message stays, and the pauses grow until the event is dead", async () => {
    await using reading = await openReading(open);
    const reader = reading.reader({ retriesMax: 3 });
    reading.failures.set("/patient/1", new Error("first"));
    reading.publisher.publish("/patient/1");
    await reader.run();
    reading.failures.set("/patient/1", new Error("later"));

    const early = await reader.run();
    for (let n = 0; n < 5; n++) {
      reading.clock.advance(day);
      await reader.run();
    }

    expect(early.retries).toEqual({ succeeded: 0, failed: 0 });
    const [failed] = await listFailedEvents(reading.database, { state: "dead" });
    expect(failed).toMatchObject({ retries: 3, nextRetryAt: null });
    expect(failed?.message).toContain("Error: first");
    const log = await reading.database.all<{ error_message: string }>(readLog);
    expect(log).toHaveLength(3);
    expect(log.every(({ error_message }) => error_message.includes("Error: later"))).toBe(true);
  });

  it("[F32] later events of a failed event's record wait behind it and follow it in order; others go on", async () => {
    await using reading = await openReading(open);
    const reader = reading.reader();
    reading.failures.set("/patient/a", refusal);
    reading.publisher.publish("/patient/a", "/patient/b", "/patient/a", "/patient/b", "/patient/a");
    const ids = () => reading.events.map(({ id }) => Number(id.split(":").at(-1)));

    const run = await reader.run();
    const given = ids();
    reading.failures.clear();
    reading.publisher.publish("/patient/a");
    reading.clock.advance(day);
    const after = await reader.run();

    expect(run).toMatchObject({ processed: 2, failed: 1, waiting: 2 });
    expect(given).toEqual([1, 2, 4]);
    expect(after).toMatchObject({ retries: { succeeded: 3, failed: 0 }, processed: 1 });
    expect(ids()).toEqual([1, 2, 4, 1, 3, 5, 6]);
    expect(await listFailedEvents(reading.database)).toEqual([]);
  });

  it("[F32] the order key that a feed declares decides; an event declared without one waits for nothing", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    const add = (text: string, orderKey?: string) =>
      publisher.add({ content: { type: "text", text }, event: orderKey === undefined ? { version: 1 } : { orderKey } });
    reading.failures.set("/encounter/1", refusal).set("/alone", refusal);
    add("/encounter/1", "Patient/1");
    add("/observation/2", "Patient/1");
    add("/alone");
    add("/alone");
    add("/observation/3", "Patient/2");

    const run = await reading.reader().run();

    expect(run).toMatchObject({ processed: 1, failed: 3, waiting: 1 });
    expect(await reading.handled()).toEqual(["/observation/3"]);
  });

  it("[F32] what waits behind a dead event waits on, until somebody retries or discards that one", async () => {
    await using reading = await openReading(open);
    const reader = reading.reader({ retriesMax: 1 });
    reading.failures.set("/patient/a", refusal).set("/patient/b", refusal);
    reading.publisher.publish("/patient/a", "/patient/b", "/patient/a", "/patient/b");
    await reader.run();
    reading.clock.advance(day);
    await reader.run();
    reading.failures.clear();
    reading.clock.advance(day);
    const held = await reader.run();
    const [a, b, a2] = await listFailedEvents(reading.database);

    const decisions = await reading.database.transaction(async (tx) => [
      await retryFailedEvent(tx, a!.row, reading.clock.now()),
      await discardFailedEvent(tx, b!.row, "entered in error", reading.clock.now()),
      await retryFailedEvent(tx, a2!.row, reading.clock.now()),
      await retryFailedEvent(tx, 999, reading.clock.now()),
      await discardFailedEvent(tx, 999, "", reading.clock.now()),
    ]);
    await reader.run();

    expect(held).toMatchObject({ failedEvents: { dead: 2, waiting: 2, retrying: 0 } });
    expect(decisions).toEqual(["done", "done", "waits-behind-another", "gone", "gone"]);
    expect(await reading.handled()).toEqual(["/patient/a", "/patient/b", "/patient/a"]);
    const log = await reading.database.all<{ error_message: string }>(readLog);
    expect(log.map(({ error_message }) => error_message)).toContain("Discarded: entered in error");
  });

  it("[F33] consumers' failures are apart, and lists can be narrowed and paged", async () => {
    await using reading = await openReading(open);
    const { feedUri } = reading.publisher;
    reading.failures.set("/patient/1", refusal).set("/patient/2", refusal);
    reading.publisher.publish("/patient/1", "/patient/2");
    for (const consumer of ["lab", "drugs"]) await reading.reader({ subscription: { consumer, feedUri } }).run();

    const ofLab = await listFailedEvents(reading.database, { consumer: "lab", feedUri });
    const latest = await listFailedEvents(reading.database, { consumer: "lab", order: "desc", limit: 1 });
    const before = await listFailedEvents(reading.database, { order: "desc", afterRow: latest[0]!.row });
    const rest = await listFailedEvents(reading.database, { consumer: "lab", afterRow: ofLab[0]!.row, limit: 1 });

    const byName = async (order: "asc" | "desc", after = {}) =>
      (await listFailedEvents(reading.database, { sort: "consumer", order, limit: 3, ...after })).map(
        ({ consumer, event }) => `${consumer} ${event.content}`,
      );
    expect(await byName("asc")).toEqual(["drugs /patient/1", "drugs /patient/2", "lab /patient/1"]);
    expect(await byName("asc", { afterRow: ofLab[0]!.row, afterValue: "lab" })).toEqual(["lab /patient/2"]);
    expect(await byName("desc", { afterRow: ofLab[0]!.row, afterValue: "lab" })).toEqual([
      "drugs /patient/2",
      "drugs /patient/1",
    ]);
    expect(ofLab.map(({ event }) => event.content)).toEqual(["/patient/1", "/patient/2"]);
    expect(rest.map(({ event }) => event.content)).toEqual(["/patient/2"]);
    expect(latest.map(({ event }) => event.content)).toEqual(["/patient/2"]);
    expect(before.map(({ consumer, event }) => `${consumer} ${event.content}`)).toEqual(["lab /patient/1"]);
    expect(await listFailedEvents(reading.database, { state: "dead" })).toEqual([]);
  });

  it("[F33] retries a failure that an older program wrote", async () => {
    await using reading = await openReading(open);
    const { feedUri } = reading.publisher;
    await reading.database.transaction((tx) => tx.run(insertHistoric, [feedUri]));

    await reading.reader({ subscription: { consumer: "", feedUri } }).run();

    expect(reading.events[0]).toMatchObject({ content: "/patient/old", categories: ["patient", "x"], isRetry: true });
    expect(await reading.database.all(readFailed)).toEqual([]);
  });

  it("[F34] when the place where the worker works is down, no event is blamed and the marker stays", async () => {
    await using reading = await openReading(open);
    const reader = reading.reader();
    const down = new TributaryError("REMOTE_UNAVAILABLE", "Odoo is down.", { retryable: true });
    reading.publisher.publish("/patient/1", "/patient/2");
    reading.failures.set("/patient/1", down);

    await expect(reader.run()).rejects.toThrow("Odoo is down");
    await expect(reader.run()).rejects.toThrow("Odoo is down");
    reading.failures.clear();
    const run = await reader.run();

    expect(run).toMatchObject({ processed: 2, failed: 0 });
    expect(await reading.handled()).toEqual(["/patient/1", "/patient/2"]);
  });

  it("[F34] an event that is called an outage again and again becomes a failed event, and the feed goes on", async () => {
    await using reading = await openReading(open);
    const reader = reading.reader();
    reading.publisher.publish("/patient/1", "/patient/2");
    reading.failures.set("/patient/1", new TributaryError("REMOTE_UNAVAILABLE", "Always down for this one."));

    const runs = [];
    for (let n = 0; n < 5; n++) runs.push(await reader.run().catch(() => "stopped"));

    expect(runs.slice(0, 4)).toEqual(["stopped", "stopped", "stopped", "stopped"]);
    expect(runs[4]).toMatchObject({ processed: 1, failed: 1 });
  });

  it("[F34] trouble of the own database is no event's failure either", async () => {
    await using reading = await openReading(open);
    reading.publisher.publish("/patient/1");
    reading.failures.set("/patient/1", new TributaryError("DATABASE_FULL", "The disk is full."));

    await expect(reading.reader().run()).rejects.toMatchObject({ code: "DATABASE_FULL" });

    const subscription = { consumer: "lab", feedUri: reading.publisher.feedUri };
    expect(await readMarker(reading.database, subscription)).toBeUndefined();
    expect(await listFailedEvents(reading.database)).toEqual([]);
  });
});

describe("Java's hash code", () => {
  it.each([
    ["", 0],
    ["a", 97],
    ["hello", 99_162_322],
    ["polygenelubricants", -2_147_483_648],
    ["🏥", 1_773_353],
  ])("[F30] of '%s' is %i", (text, hash) => {
    expect(javaHashCode(text)).toBe(hash);
  });
});

describe("the fake publisher", () => {
  it("[F12] links its pages as the deployed servers do", () => {
    const publisher = new FakePublisher();
    publisher.publish("1", "2", "3", "4", "5", "6");

    expect(publisher.document("recent")?.links.map(({ rel }) => rel)).toEqual(["self", "via", "prev-archive"]);
    expect(publisher.document("1")?.links.map(({ rel }) => rel)).toEqual(["self", "via", "next-archive"]);
  });
});
