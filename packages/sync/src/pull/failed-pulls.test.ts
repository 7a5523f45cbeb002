import { describeOnEachDatabase } from "@tributary/database/testing";
import { seededRandom } from "@tributary/kernel";
import { expect, it } from "vitest";
import { openNodeForTests } from "../../testing/index.ts";
import { noteFailedPull, readDueFailedPulls } from "./failed-pulls.ts";

const now = Date.UTC(2026, 0, 5);
const yearMs = 365 * 24 * 3_600_000;
const failure = { type: "Patient", id: "p", remoteVersion: 1, reason: "missing-at-parent" } as const;

describeOnEachDatabase("a record that could not be taken in", (open) => {
  it("[S10] is due after a while, and not before", async () => {
    await using database = await open();
    await openNodeForTests(database, "clinic");
    await database.transaction((tx) => noteFailedPull(tx, "centre", failure, now, seededRandom(1)));

    const due = async (at: number) => (await readDueFailedPulls(database, "centre", at)).length;

    expect([await due(now), await due(now + yearMs)]).toEqual([0, 1]);
  });

  it("[S18] that failed under a clock which was set back since is due at once, not when that time comes again", async () => {
    await using database = await open();
    await openNodeForTests(database, "clinic");
    await database.transaction((tx) => noteFailedPull(tx, "centre", failure, now + 10 * yearMs, seededRandom(1)));

    expect(await readDueFailedPulls(database, "centre", now)).toHaveLength(1);
  });
});
