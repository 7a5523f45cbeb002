import { readAuditOfRecord } from "@tributary/audit";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { openPair, pushOnce } from "../../testing/index.ts";
import type { OwnChange } from "./queue/gather-units.ts";
import { queueAgain, queueOwnChanges } from "./queue/queue-own-changes.ts";
import { readHeldUnits, readQueuedUnits } from "./queue/read-units.ts";
import { keepFailedUnit } from "./queue/unit-state.ts";

const newIncarnation = () => "life";
const purged = (id: string, version: number, transaction: string): OwnChange => ({
  type: "Patient",
  id,
  version,
  transaction,
});

describeOnEachDatabase("a version that was queued and is here no more", (open) => {
  it("[S249] holds nothing up: a unit of which nothing is left leaves the queue, with a trace", async () => {
    await using pair = await openPair(open);
    const { parent, child } = pair;
    const { database } = child;
    await database.transaction((tx) => queueAgain(tx, "centre", "north", [purged("gone", 1, "t1")], newIncarnation));
    await child.save(aPatient("other"));

    const report = await pushOnce(child, parent);

    expect(report).toMatchObject({ status: "complete", pushed: 1, requests: 1 });
    expect(await parent.bodies()).toEqual(await child.bodies());
    expect(await readAuditOfRecord(database, "Patient/gone", 9)).toMatchObject([
      { operation: "failed-attempt", versionBefore: 1, outcome: "dropped", error: "no-version" },
    ]);
  });

  it("[S249] leaves to its unit what is here of its record and of others", async () => {
    await using pair = await openPair(open);
    const { parent, child } = pair;
    const { database } = child;
    await child.save(aPatient("back", { gender: "female" }), aPatient("beside"));
    await queueOwnChanges(database, "centre", "north", newIncarnation);
    await database.transaction((tx) => queueAgain(tx, "centre", "north", [purged("back", 3, "t1")], newIncarnation));
    const queued = await readQueuedUnits(database, "centre", 9);

    const report = await pushOnce(child, parent);

    expect(queued).toHaveLength(1);
    expect(report).toMatchObject({ status: "complete", pushed: 2 });
    expect(await parent.bodies()).toEqual(await child.bodies());
  });

  it("[S249] is sent no more with a unit that was stepped over", async () => {
    await using pair = await openPair(open);
    const { parent, child } = pair;
    const { database } = child;
    await database.transaction(async (tx) => {
      await queueAgain(tx, "centre", "north", [purged("gone", 1, "t1")], newIncarnation);
      const [unit] = await readQueuedUnits(tx, "centre", 9);
      await keepFailedUnit(tx, "centre", unit!.counter, { class: "transient", now: 1 });
    });

    const report = await pushOnce(child, parent);

    expect(report).toMatchObject({ status: "complete", pushed: 0 });
    expect(await readHeldUnits(database, "centre")).toEqual([]);
  });
});
