import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { counting, enrol, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import type { PullReport } from "../sync-report.ts";
import { everyMs, type Schedule } from "./schedule.ts";

const live = new AbortController().signal;
const never: Schedule = { isDueAtStart: false, nextAfter: () => undefined };
const atOnceThenNever: Schedule = { ...never, isDueAtStart: true };
const anHour = 3_600_000;

describeOnEachDatabase("a synchronization that is steered while it runs", (open) => {
  it("[S75] goes by other types from its next round on, and fetches then what it had held back", async () => {
    await using above = await open();
    await using below = await open();
    const [parent, child] = [await openNodeForTests(above, "centre"), await openNodeForTests(below, "north")];
    await enrol(child, parent);
    await parent.save(aPatient("p"));
    await using synchronizer = synchronizerOf(child, parent.answer, { types: { pull: { exclude: ["Patient"] } } });

    const underWay = synchronizer.pullOnce(live);
    synchronizer.steer({ types: {} });
    const [before, after] = [await underWay, await synchronizer.pullOnce(live)];

    expect(before).toMatchObject({ status: "complete", applied: 0, heldBack: 1 });
    expect(after).toMatchObject({ status: "complete", applied: 1, heldBack: 0 });
  });

  it("goes by another schedule at once, without being started anew", async () => {
    await using above = await open();
    await using below = await open();
    const [parent, child] = [await openNodeForTests(above, "centre"), await openNodeForTests(below, "north")];
    await enrol(child, parent);
    await parent.save(aPatient("p"));
    const line = counting(parent.answer);
    const pulled = Promise.withResolvers<PullReport>();
    await using synchronizer = synchronizerOf(child, line, {
      schedules: { pull: never, push: never },
      onReport: (report) => pulled.resolve(report),
    });
    synchronizer.start();

    synchronizer.steer({ schedules: { pull: everyMs(anHour), push: never } });

    expect(await pulled.promise).toMatchObject({ status: "complete", applied: 1 });
    expect(line.paths).not.toContain("push");
  });

  it("compares its records by another schedule at once, and mends what differs when that is said", async () => {
    await using above = await open();
    await using below = await open();
    const [parent, child] = [await openNodeForTests(above, "centre"), await openNodeForTests(below, "north")];
    await enrol(child, parent);
    await parent.save(aPatient("p"));
    await using synchronizer = synchronizerOf(child, parent.answer, {
      schedules: { pull: never, push: never },
      verify: { schedule: never, isRepairing: false },
    });
    synchronizer.start();

    synchronizer.steer({ verify: { schedule: atOnceThenNever, isRepairing: true } });

    await expect.poll(() => child.bodies(), { timeout: 60_000 }).toEqual(await parent.bodies());
  });
});
