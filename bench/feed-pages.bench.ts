import { type Database, migrate, sql } from "@tributary/database";
import { openTestDatabase, startPostgresServer } from "@tributary/database/testing";
import {
  categoryFeed,
  type EventDraft,
  eventsMigrations,
  moveQueuedEvents,
  Outbox,
  readFeedHead,
} from "@tributary/events";
import {
  createFeedServer,
  type FeedServer,
  feedMigrations,
  lastPage,
  openmrsIdentity,
  pageRange,
} from "@tributary/feed";
import { systemClock, systemRandom } from "@tributary/kernel";
import type { BenchRow, Scenario, ScenarioOptions } from "./scenario.ts";

/** What a feed page costs its server, wherever in the log it lies. */
export const scenarios: readonly Scenario[] = [
  {
    name: "feed-pages",
    question: "What does a feed page cost the server at any depth of the log?",
    async run(report, { quick }: ScenarioOptions) {
      await onSqlite(report, { events: 10_000, pageSize: 5, quick });
      await onSqlite(report, { events: 10_000, pageSize: 100, quick });
      if (!quick) await onSqlite(report, { events: 1_000_000, pageSize: 5, quick });
      await onPostgres(report, { events: 10_000, pageSize: 5, quick });
      if (!quick) await onPostgres(report, { events: 1_000_000, pageSize: 5, quick });
    },
  },
];

interface Log {
  /** In the whole log; the feed that is read is one of two categories that alternate. */
  readonly events: number;
  readonly pageSize: number;
  readonly quick: boolean;
}

type Report = (row: BenchRow) => void;

const category = "patient";
const seedBatch = 1_000;
/** Neighbouring pages that requests go round, so that no single page's rows stay at hand. */
const neighbours = 40;

const setPageSize = sql("update chunking_history set chunk_length = $1");
const readBare = sql(`
  select record.*
  from event_record_feeds listing
  join event_records record on record.id = listing.record_id
  where listing.feed = $1 and listing.feed_position between $2 and $3
  order by listing.feed_position`);

async function onSqlite(report: Report, log: Log): Promise<void> {
  await using database = await openTestDatabase("sqlite");
  await measurePages(database, report, log, "SQLite");
}

async function onPostgres(report: Report, log: Log): Promise<void> {
  await using server = await startPostgresServer();
  process.env["TRIBUTARY_TEST_POSTGRES_URL"] = server.url;
  await using database = await openTestDatabase("postgres");
  await measurePages(database, report, log, "PostgreSQL, own process only");
}

async function measurePages(database: Database, report: Report, log: Log, where: string): Promise<void> {
  await migrate(database, [...eventsMigrations, ...feedMigrations]);
  await database.transaction((tx) => tx.run(setPageSize, [log.pageSize]));
  await seed(database, log.events);
  const cuts = [{ chunkLength: log.pageSize, start: 1 }];
  const feedHead = await readFeedHead(database, categoryFeed(category));
  const last = lastPage(cuts, feedHead);
  const server = serverOf(database, 0);
  const label = `${where}, ${log.events.toLocaleString("en")} events, pages of ${log.pageSize}`;
  const places: readonly [string, readonly number[]][] = [
    ["first", around(1, last)],
    ["middle", around(Math.floor(last / 2), last)],
    ["last archived", around(last - 1, last - 1)],
    ["recent", []],
  ];
  const rounds = log.quick ? 300 : 2_000;
  for (const [place, pages] of places) {
    const ask = (n: number) => get(server, pages.length === 0 ? "recent" : String(pages[n % pages.length]));
    const bare = (n: number) => {
      const { from, to } = pageRange(cuts, pages.length === 0 ? last : pages[n % pages.length]!)!;
      return database.all(readBare, [categoryFeed(category), from, Math.min(to, feedHead)]);
    };
    await cpuPerCall(Math.min(rounds, 300), ask);
    await cpuPerCall(Math.min(rounds, 300), bare);
    const baseline = await cpuPerCall(rounds, bare);
    const value = await cpuPerCall(rounds, ask);
    report({
      measure: `${label}: ${place}`,
      value,
      unit: "µs CPU/page",
      baseline,
      ratio: value / baseline,
      note: "aim: 2,000",
    });
  }
  await measureCaching(database, report, label, rounds);
}

async function measureCaching(database: Database, report: Report, label: string, rounds: number): Promise<void> {
  const server = serverOf(database, 8 * 1024 * 1024);
  const { headers } = await get(server, "recent");
  const unchanged = () => get(server, "recent", { "if-none-match": headers["etag"]! });
  report({
    measure: `${label}: recent, unchanged (304)`,
    value: await cpuPerCall(rounds, unchanged),
    unit: "µs CPU/page",
  });
  const fromMemory = () => get(server, "1");
  await fromMemory();
  report({
    measure: `${label}: archived, in memory`,
    value: await cpuPerCall(rounds, fromMemory),
    unit: "µs CPU/page",
  });
}

async function seed(database: Database, events: number): Promise<void> {
  const outbox = new Outbox({ clock: systemClock, random: systemRandom });
  for (let from = 0; from < events; from += seedBatch) {
    await database.transaction(async (tx) => {
      for (let n = from; n < Math.min(from + seedBatch, events); n++) outbox.append(tx, draft(n));
    });
    if (from % (20 * seedBatch) === 0) await moveAll(database);
  }
  await moveAll(database);
}

async function moveAll(database: Database): Promise<void> {
  while ((await moveQueuedEvents(database)) > 0);
}

function draft(n: number): EventDraft {
  const id = `0190b9d0-4b6f-7000-8000-${String(n).padStart(12, "0")}`;
  return {
    eventType: "resource.saved",
    category: n % 2 === 0 ? category : "encounter",
    title: "Patient",
    content: `/openmrs/ws/rest/v1/patient/${id}?v=full`,
    orderKey: `Patient/${n % 50_000}`,
    entity: { type: "Patient", id },
    version: 1,
    operation: "create",
    originNode: "parent",
  };
}

function serverOf(database: Database, sealedCharactersMax: number): FeedServer {
  return createFeedServer({ database, clock: systemClock, identity: openmrsIdentity, sealedCharactersMax });
}

async function get(server: FeedServer, page: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await server.handle({
    method: "GET",
    url: new URL(`http://parent.example/ws/atomfeed/${category}/${page}`),
    headers,
    parameters: { category, page },
    body: "",
    signal: new AbortController().signal,
  });
  if (response.status !== 200 && response.status !== 304) throw new Error(`Page ${page} answered ${response.status}.`);
  return response;
}

function around(page: number, last: number): number[] {
  const from = Math.max(1, Math.min(page - neighbours / 2, last - neighbours));
  return Array.from({ length: Math.min(neighbours, last - from + 1) }, (_, n) => from + n);
}

/** Microseconds of this process's CPU, user and system together. */
async function cpuPerCall(calls: number, work: (n: number) => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < calls; n++) await work(n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}
