import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { openReading } from "../../testing/reading.ts";
import { readEventAtSubscriptions } from "./event-at-subscriptions.ts";
import { findMarker, type MarkerTarget, placeMarker } from "./place-marker.ts";

const signal = new AbortController().signal;
const tag = (number: number) => `tag:atomfeed.ict4h.org:${number}`;

describeOnEachDatabase("a marker that somebody moves", (open) => {
  async function openRead() {
    const reading = await openReading(open);
    const { publisher, database, clock } = reading;
    publisher.publish(...Array.from({ length: 12 }, (_, n) => `/patient/${n + 1}`));
    await reading.reader().run();
    const subscription = { consumer: "lab", feedUri: publisher.feedUri };
    const place = async (target: MarkerTarget) => {
      const to = await findMarker(target, { feedUri: publisher.feedUri, fetch: publisher.fetch, clock }, signal);
      return database.transaction((tx) => placeMarker(tx, subscription, to));
    };
    const handledAgain = async () => {
      const before = (await reading.handled()).length;
      await reading.reader().run();
      return (await reading.handled()).slice(before);
    };
    return Object.assign(reading, { place, handledAgain, subscription });
  }

  it("[F35] put behind an entry, before everything or behind everything, is where reading goes on, also over what was read", async () => {
    await using reading = await openRead();
    const { place, handledAgain, publisher } = reading;

    const before = await place({ entry: tag(9) });
    const behindNine = await handledAgain();
    await place("beginning");
    const all = await handledAgain();
    publisher.publish("/patient/13");
    await place("now");
    const none = await handledAgain();

    expect(before).toMatchObject({ entryId: tag(12) });
    expect(behindNine).toEqual(["/patient/10", "/patient/11", "/patient/12"]);
    expect(all).toHaveLength(12);
    expect(none).toEqual([]);
  });

  it("[F35] stays for an entry that is not on the feed, and for a consumer that never read", async () => {
    await using reading = await openRead();
    const { place, handledAgain, database } = reading;

    await expect(place({ entry: tag(99) })).rejects.toMatchObject({ code: "FEED_ENTRY_MISSING" });
    const stranger = { consumer: "nobody", feedUri: reading.publisher.feedUri };
    const nowhere = { entryId: null, pageUri: null, publishedAt: null };
    await expect(database.transaction((tx) => placeMarker(tx, stranger, nowhere))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    expect(await handledAgain()).toEqual([]);
  });

  it("[F36] each subscription tells what it knows of an event: when it dealt with it, that it failed, or nothing", async () => {
    await using reading = await openRead();
    const { publisher, database, clock, failures } = reading;
    failures.set("/patient/14", new Error("no"));
    publisher.publish("/patient/13", "/patient/14");
    await reading.reader().run();
    publisher.publish("/patient/15");
    const at = async (number: number) => (await readEventAtSubscriptions(database, tag(number)))[0];

    expect(await at(13)).toMatchObject({ consumer: "lab", isRemembered: true, readAt: clock.now(), failed: null });
    expect(await at(14)).toMatchObject({
      isRemembered: true,
      failed: "retrying",
      message: expect.stringContaining("no"),
    });
    expect(await at(15)).toMatchObject({ isRemembered: false, readAt: null, failed: null, lastEntryId: tag(14) });
  });
});
