import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import type { Clock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { aPatientIn, openClinic } from "../../../testing/index.ts";

const day = 24 * 3_600_000;

/** Lets the process die at a database's first scrub. */
function dyingAtScrub(database: Database, scrubs: string[]): Database {
  const scrub = database.scrub.bind(database);
  database.scrub = async () => {
    scrubs.push(scrubs.length === 0 ? "died" : "done");
    if (scrubs.length === 1) throw new Error("The process died.");
    return scrub();
  };
  return database;
}

describeOnEachDatabase("who has left a catchment", (open) => {
  it("[S107] is purged from the files too when the process died behind the purge, and once", async () => {
    const scrubs: string[] = [];
    await using two = await openClinic(async () => dyingAtScrub(await open(), scrubs));
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();
    await parent.save(aPatientIn("Mombasa", "p1"));
    await expect(round()).rejects.toThrow("died");

    await round();
    await round();

    expect(scrubs).toEqual(["died", "done"]);
    expect(await child.bodies()).toEqual({});
  });

  it("[S107] is not kept by a clock that was set back", async () => {
    const time = { now: Date.UTC(2026, 0, 5) };
    const clock: Clock = { now: () => time.now, sleep: async () => {} };
    await using two = await openClinic(open, { clock, afterExit: { keep: { forMs: day } } });
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();
    await parent.save(aPatientIn("Mombasa", "p1"));
    await round();
    const kept = await child.bodies();

    time.now -= 2 * 365 * day;
    await round();

    expect(Object.keys(kept)).toEqual(["Patient/p1"]);
    expect(await child.bodies()).toEqual({});
  });
});
