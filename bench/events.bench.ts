import { bulkInsert, type Database, migrate, openDatabase, sql } from "@tributary/database";
import { openTestDatabase, startPostgresServer } from "@tributary/database/testing";
import {
  allFeed,
  type EventDraft,
  eventsMigrations,
  moveQueuedEvents,
  Outbox,
  openSequencer,
  readFeedHead,
  readRecordsAfter,
} from "@tributary/events";
import { silentLogger, systemClock, systemRandom } from "@tributary/kernel";
import { percentile } from "./percentile.ts";
import type { BenchRow, Scenario, ScenarioOptions } from "./scenario.ts";

/** What recording events costs, how fast they come through, and what disturbs them. */
export const scenarios: readonly Scenario[] = [
  {
    name: "events",
    question: "What does it cost to record an event, and how soon can it be read?",
    async run(report, options) {
      await using server = await startPostgresServer({ durable: true });
      await using database = await openDatabase({ address: server.url, connectionsMax: 24 });
      await setUp(database);
      await singleEventTransactions(database, report, options);
      await steadyLoad(database, report, options);
      await besideAnOpenTransaction(database, report, options);
      await behindAnOldSnapshot(database, report, options);
      await drain(database, report, options);
      await batchesOnSqlite(report, options);
    },
  },
];

type Report = (row: BenchRow) => void;

const addBusinessRow = sql("insert into business (body) values ($1)");
const addBareRow = sql("insert into bare (title, object, order_key) values ($1, $2, $3)");
const moveFromHint = sql("select move_event_records(1000, true)");
const addBareRows = bulkInsert("bare", { title: "text", object: "text", order_key: "text" });
const body = JSON.stringify({ resourceType: "Observation", note: "x".repeat(400) });
const keyCount = 5_000;

async function setUp(database: Database): Promise<void> {
  const tables = {
    id: "bench/1-tables",
    statements: ({ identity }: { identity: string }) => [
      `create table business (id ${identity}, body text not null)`,
      `create table bare (id ${identity}, title text, object text, order_key text)`,
    ],
  } as const;
  await migrate(database, [...eventsMigrations, tables]);
}

async function singleEventTransactions(database: Database, report: Report, { quick }: ScenarioOptions): Promise<void> {
  const writers = 16;
  const durationMs = quick ? 1_000 : 8_000;
  const outbox = newOutbox();
  await using sequencer = openSequencerOn(database);
  outbox.onAppended(() => sequencer.wake());
  const withEvent = () =>
    database.transaction(async (tx) => {
      await tx.run(addBusinessRow, [body]);
      outbox.append(tx, draft());
    });
  const bare = () =>
    database.transaction(async (tx) => {
      await tx.run(addBusinessRow, [body]);
      await tx.run(addBareRow, ["Patient", "/fhir/Patient/1", "Patient/1"]);
    });
  await perSecond(writers, 500, bare);
  await perSecond(writers, 500, withEvent);
  const baseline = await perSecond(writers, durationMs, bare);
  const value = await perSecond(writers, durationMs, withEvent);
  report({
    measure: "PostgreSQL, 16 writers, one event a transaction",
    value,
    unit: "transactions/s",
    baseline,
    ratio: value / baseline,
    note: "aim: 2,000; the sequencer runs beside it",
  });
}

async function steadyLoad(database: Database, report: Report, { quick }: ScenarioOptions): Promise<void> {
  const producers = 4;
  const eventsPerTransaction = 100;
  const target = 10_000;
  const durationMs = quick ? 2_000 : 20_000;
  const pauseMs = (producers * eventsPerTransaction * 1_000) / target;
  const outbox = newOutbox();
  await using consumer = await startConsumer(database, outbox);
  const started = performance.now();

  await Promise.all(
    Array.from({ length: producers }, async (_, producer) => {
      for (let turn = 0; ; turn++) {
        const dueMs = turn * pauseMs + (producer * pauseMs) / producers;
        if (dueMs >= durationMs) return;
        await systemClock.sleep(Math.max(0, started + dueMs - performance.now()));
        await database.transaction(async (tx) => {
          for (let n = 0; n < eventsPerTransaction; n++) outbox.append(tx, draft());
        });
      }
    }),
  );
  const consumed = await consumer.finish();
  const seconds = (performance.now() - started) / 1_000;

  report({
    measure: "PostgreSQL, 4 producers of 100-event transactions, consumed",
    value: consumed.length / seconds,
    unit: "events/s",
    note: `asked for: ${target.toLocaleString("en")}`,
  });
  reportLatency(report, "  from append to a null consumer", consumed);
}

async function besideAnOpenTransaction(database: Database, report: Report, { quick }: ScenarioOptions): Promise<void> {
  const openMs = quick ? 1_000 : 4_000;
  const outbox = newOutbox();
  await using consumer = await startConsumer(database, outbox);
  const unrelated = database.transaction(async (tx) => {
    await tx.run(addBusinessRow, [body]);
    await systemClock.sleep(openMs);
  });
  const rate = await perSecond(8, openMs, () =>
    database.transaction(async (tx) => {
      await tx.run(addBusinessRow, [body]);
      outbox.append(tx, draft());
    }),
  );
  await unrelated;
  const consumed = await consumer.finish();
  reportLatency(
    report,
    `Beside a transaction left open ${openMs / 1_000} s, 8 writers`,
    consumed,
    `at ${Math.round(rate)} transactions/s`,
  );
}

/** The emptied front of the queue cannot be cleaned as long as somebody might still look at it. */
async function behindAnOldSnapshot(database: Database, report: Report, { quick }: ScenarioOptions): Promise<void> {
  const eventsMoved = quick ? 20_000 : 100_000;
  const outbox = newOutbox();
  const write = (count: number) =>
    database.transaction(async (tx) => {
      for (let event = 0; event < count; event++) outbox.append(tx, draft());
    });
  const timeOfRound = async () => {
    const samples: number[] = [];
    for (let n = 0; n < 20; n++) {
      await write(100);
      const started = performance.now();
      await database.first(moveFromHint);
      samples.push(performance.now() - started);
    }
    return percentile(samples, 0.5);
  };
  while ((await moveQueuedEvents(database)) > 0);
  const isDone = Promise.withResolvers<void>();
  const isOpen = Promise.withResolvers<void>();
  const snapshot = database.snapshot(async (reader) => {
    await readFeedHead(reader, allFeed);
    isOpen.resolve();
    await isDone.promise;
  });
  await isOpen.promise;
  const baseline = await timeOfRound();
  for (let moved = 0; moved < eventsMoved; moved += 1_000) {
    await write(1_000);
    await database.first(moveFromHint);
  }
  const value = await timeOfRound();
  isDone.resolve();
  await snapshot;
  report({
    measure: `Moving 100 events when ${eventsMoved.toLocaleString("en")} went by under an open snapshot`,
    value,
    unit: "ms",
    baseline,
    ratio: value / baseline,
    note: "bare: when the snapshot was opened",
  });
}

async function drain(database: Database, report: Report, { quick }: ScenarioOptions): Promise<void> {
  const transactions = quick ? 50 : 500;
  const outbox = newOutbox();
  for (let n = 0; n < transactions; n++) {
    await database.transaction(async (tx) => {
      for (let event = 0; event < 100; event++) outbox.append(tx, draft());
    });
  }
  const started = performance.now();
  let moved = 0;
  for (let round = await moveQueuedEvents(database); round > 0; round = await moveQueuedEvents(database))
    moved += round;
  report({
    measure: "PostgreSQL, one sequencer that drains a full queue",
    value: (moved * 1_000) / (performance.now() - started),
    unit: "events/s",
  });
}

async function batchesOnSqlite(report: Report, { quick }: ScenarioOptions): Promise<void> {
  await using database = await openTestDatabase("sqlite");
  await setUp(database);
  const outbox = newOutbox();
  for (const [size, count] of [
    [100, quick ? 100 : 1_000],
    [1, quick ? 300 : 3_000],
  ] as const) {
    const bareRows = Array.from({ length: size }, () => ["Patient", "/fhir/Patient/1", "Patient/1"]);
    const baseline = await microsecondsPerEvent(count, size, () =>
      database.transaction((tx) => addBareRows(tx, bareRows)),
    );
    const value = await microsecondsPerEvent(count, size, () =>
      database.transaction(async (tx) => {
        const orderKey = randomKey();
        for (let n = 0; n < size; n++) outbox.append(tx, draft(orderKey));
      }),
    );
    report({
      measure: `SQLite, ${size === 1 ? "one event" : `${size} events`} a transaction, commit included`,
      value,
      unit: "µs/event",
      baseline,
      ratio: value / baseline,
    });
  }
}

interface Consumer extends AsyncDisposable {
  /** Waits for everything that has been committed, and returns how many milliseconds each event took. */
  finish(): Promise<readonly number[]>;
}

/** Reads the log behind a marker in memory and does nothing with it. */
async function startConsumer(database: Database, outbox: Outbox): Promise<Consumer> {
  while ((await moveQueuedEvents(database)) > 0);
  let marker = await readFeedHead(database, allFeed);
  let mayGrow = true;
  let wake: () => void = () => {};
  const sequencer = openSequencerOn(database, () => wake());
  const subscription = outbox.onAppended(() => sequencer.wake());
  const latencies: number[] = [];

  async function consume(): Promise<void> {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const records = await readRecordsAfter(database, marker, 1_000);
      const now = Date.now();
      for (const { raisedAt } of records) latencies.push(now - (raisedAt ?? now));
      marker += records.length;
      if (records.length > 0) continue;
      if (!mayGrow) return;
      await Promise.race([woken, systemClock.sleep(50)]);
    }
  }
  const consuming = consume();
  const close = async () => {
    mayGrow = false;
    wake();
    await consuming;
    subscription[Symbol.dispose]();
    await sequencer[Symbol.asyncDispose]();
  };
  return {
    async finish() {
      while ((await moveQueuedEvents(database)) > 0);
      await close();
      return latencies;
    },
    [Symbol.asyncDispose]: close,
  };
}

function reportLatency(report: Report, measure: string, latencies: readonly number[], note = ""): void {
  for (const share of [0.5, 0.99]) {
    report({
      measure: `${measure}, p${share * 100}`,
      value: percentile(latencies, share),
      unit: "ms",
      ...(share === 0.99 ? { note: ["aim: 100", note].filter(Boolean).join("; ") } : {}),
    });
  }
}

async function perSecond(workers: number, durationMs: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (performance.now() - started < durationMs) {
        await work();
        done += 1;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - started);
}

async function microsecondsPerEvent(count: number, size: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let n = 0; n < count; n++) await work();
  return ((performance.now() - started) * 1_000) / (count * size);
}

function newOutbox(): Outbox {
  return new Outbox({ clock: systemClock, random: systemRandom });
}

function openSequencerOn(database: Database, onMoved: (count: number) => void = () => {}) {
  return openSequencer({ database, clock: systemClock, random: systemRandom, logger: silentLogger, onMoved });
}

function randomKey(): string {
  return `Patient/${Math.floor(Math.random() * keyCount)}-9b0d-4b6f-a2c1`;
}

function draft(orderKey: string = randomKey()): EventDraft {
  return {
    eventType: "resource.saved",
    category: "observation",
    title: "Observation",
    content: "/fhir/Observation/0190b9d0-4b6f-7000-8000-000000000001",
    orderKey,
    streams: ["everything"],
    entity: { type: "Observation", id: "0190b9d0-4b6f-7000-8000-000000000001" },
    version: 1,
    operation: "create",
    originNode: "parent",
  };
}
