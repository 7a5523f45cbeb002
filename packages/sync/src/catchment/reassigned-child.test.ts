import { describeOnEachDatabase } from "@tributary/database/testing";
import { systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { aPatientIn, assign, livingIn, openClinic, setCatchment } from "../../testing/index.ts";

const live = new AbortController().signal;
const dayMs = 24 * 3_600_000;

describeOnEachDatabase("a child that is given another catchment", (open) => {
  it("[S111] takes it up also while a record of the former one waits to be asked for again", async () => {
    let now = Date.UTC(2026, 0, 1);
    await using clinic = await openClinic(open, { clock: { ...systemClock, now: () => now } });
    const { parent, child, synchronizer, round } = clinic;
    await setCatchment(parent, "nairobi", livingIn("Nairobi"));
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Nairobi", "p2"));
    await round();
    await child.save(aPatientIn("Kisumu", "p1", { gender: "female" }));
    await parent.save(aPatientIn("Kisumu", "p1", { active: true }));
    expect(await synchronizer.pullOnce(live)).toMatchObject({ status: "partial", waiting: 1 });

    await assign(parent, child, "nairobi");
    now += dayMs;
    const pulled = await synchronizer.pullOnce(live);

    expect(pulled).toMatchObject({ status: "complete", waiting: 0 });
    expect(Object.keys(await child.bodies())).toContain("Patient/p2");
    await round();
    expect(Object.keys(await child.bodies())).toEqual(["Patient/p2"]);
    expect(JSON.parse((await parent.bodies())["Patient/p1"] ?? "{}")).toMatchObject({ active: true, gender: "female" });
  });
});
