import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { FakePublisher } from "../../testing/fake-publisher.ts";
import { openReading } from "../../testing/reading.ts";
import { listFailedEvents } from "./list-failed-events.ts";
import { readMarker } from "./marker.ts";
import { relocateMarker } from "./relocate-marker.ts";

const countOld = sql(`
  select (select count(*) from markers where feed_uri = $1) + (select count(*) from failed_events where feed_uri = $1)
    + (select count(*) from failed_event_retry_log where feed_uri = $1)
    + (select count(*) from read_entries where feed_uri = $1) as n`);

describeOnEachDatabase("a feed that moves", (open) => {
  const to = "https://new.example:8443/atom/patient/recent";

  it("[F29] takes marker, failed events and memory along, and goes on where it was", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    const from = publisher.feedUri;
    reading.failures.set("/patient/2", new Error("no"));
    publisher.publish("/patient/1", "/patient/2", "/patient/3");
    await reading.reader().run();
    reading.clock.advance(86_400_000);
    await reading.reader().run();

    const moved = await reading.database.transaction((tx) => relocateMarker(tx, { consumer: "lab", from, to }));
    const elsewhere = new FakePublisher({ base: "https://new.example:8443/atom/patient" });
    elsewhere.publish("/patient/1", "/patient/2", "/patient/3", "/patient/4");
    const subscription = { consumer: "lab", feedUri: to };
    const run = await reading.reader({ subscription, fetch: elsewhere.fetch }).run();

    expect(moved).toBe(true);
    expect(run).toMatchObject({ processed: 1, duplicates: 0, failedEvents: { retrying: 1 } });
    expect(await readMarker(reading.database, subscription)).toMatchObject({
      entryId: "tag:atomfeed.ict4h.org:4",
      pageUri: "https://new.example:8443/atom/patient/1",
    });
    expect(await listFailedEvents(reading.database)).toMatchObject([
      { feedUri: to, event: { pageUri: "https://new.example:8443/atom/patient/1" } },
    ]);
    expect(await reading.database.first(countOld, [from])).toEqual({ n: 0 });
  });

  it("[F29] refuses an address that has a marker already, and moves nothing when there is nothing", async () => {
    await using reading = await openReading(open);
    const { publisher } = reading;
    publisher.publish("/patient/1");
    await reading.reader().run();
    const move = (from: string) =>
      reading.database.transaction((tx) => relocateMarker(tx, { consumer: "lab", from, to: publisher.feedUri }));

    await expect(move("http://nowhere.example/recent")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    expect(await move(publisher.feedUri)).toBe(true);
    const nothing = reading.database.transaction((tx) =>
      relocateMarker(tx, { consumer: "lab", from: "http://nowhere.example/recent", to }),
    );
    expect(await nothing).toBe(false);
  });
});
