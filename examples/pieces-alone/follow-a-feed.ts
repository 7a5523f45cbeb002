/**
 * A feed, and a program that follows it; the network between them is a function: `node follow-a-feed.ts [FILE-OR-URL]`.
 */
import { migrate, openDatabase, sql } from "@tributary/database";
import { EventBus, eventsMigrations, eventType, Outbox, openSequencer } from "@tributary/events";
import { createFeedServer, defaultIdentity, FeedReader, type FetchPage, feedMigrations } from "@tributary/feed";
import { systemClock as clock, systemRandom as random, silentLogger } from "@tributary/kernel";
import { placeOfDatabase } from "./place-of-database.ts";

const sampleTaken = eventType<{ sample: string }>("sample.taken");
const addTest = sql("insert into tests (sample) values ($1)");
const listTests = sql("select sample from tests order by sample");

await using place = await placeOfDatabase(process.argv[2]);
await using database = await openDatabase({ address: place.address });
await migrate(database, [
  ...eventsMigrations,
  ...feedMigrations,
  { id: "laboratory/1-tests", statements: () => ["create table tests (sample text primary key)"] },
]);

// The ward says what happened; the outbox, one of its listeners, keeps it in the same transaction.
const bus = new EventBus();
const outbox = new Outbox({ clock, random });
bus.on(
  sampleTaken,
  "within-transaction",
  outbox.listener(({ sample }) => ({
    eventType: sampleTaken.name,
    category: "sample",
    title: "Sample",
    content: sample,
    orderKey: `Sample/${sample}`,
  })),
);
await using sequencer = openSequencer({ database, clock, random, logger: silentLogger });
outbox.onAppended(() => sequencer.wake());
const take = (sample: string) => database.transaction((tx) => bus.publish(tx, sampleTaken, { sample }));

// The laboratory reads the feed. A program elsewhere hands in the platform's `fetch`.
const { handle } = createFeedServer({ database, clock, identity: defaultIdentity });
const network: FetchPage = async (address, { method, headers, signal }) => {
  const url = new URL(address);
  const [, , category = "", page = ""] = url.pathname.split("/");
  const answer = await handle({ method, url, headers, parameters: { category, page }, body: "", signal });
  return new Response(answer.status === 304 ? null : (answer.body as string), answer);
};
const laboratory = new FeedReader({
  database,
  clock,
  random,
  fetch: network,
  subscription: { consumer: "laboratory", feedUri: "http://ward.example/feed/sample/recent" },
  worker: {
    async process({ content = "" }, tx) {
      if (content === "spilt") throw new Error("There is nothing to test.");
      await tx.run(addTest, [content]);
    },
  },
});

for (const sample of ["blood", "spilt", "sputum"]) await take(sample);
await tell(3);
await take("urine");
await tell(4);

/** Reads until so many events have been dealt with, since the log gives them their places after the commit. */
async function tell(dealtWith: number): Promise<void> {
  for (let dealt = 0; dealt < dealtWith; await clock.sleep(10)) {
    const { failedEvents } = await laboratory.run();
    dealt = (await database.all(listTests)).length + failedEvents.retrying;
  }
  const tests = await database.all<{ sample: string }>(listTests);
  console.log(`Tested: ${tests.map(({ sample }) => sample).join(", ")}; one is tried again later.`);
}
