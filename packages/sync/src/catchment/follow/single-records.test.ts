import { describeOnEachDatabase } from "@tributary/database/testing";
import type { Clock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { aNoteOn, aPatientIn, openClinic } from "../../../testing/index.ts";

const day = 24 * 3_600_000;

describeOnEachDatabase("a record that became another patient's", (open) => {
  it.for([
    ["back to its patient", aNoteOn("p1", "o1", "p1's after all"), ["Observation/o1", "Patient/p1"]],
    ["with a patient who comes in", aPatientIn("Kisumu", "p2"), ["Observation/o1", "Patient/p1", "Patient/p2"]],
  ] as const)("[S234] and comes again (%s) stays when the time is over", async ([, change, held]) => {
    const time = { now: Date.UTC(2026, 0, 5) };
    const clock: Clock = { now: () => time.now, sleep: async () => {} };
    await using two = await openClinic(open, { clock, afterExit: { keep: { forMs: 3 * day } } });
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Nairobi", "p2"), aNoteOn("p1", "o1"));
    await round();
    await parent.save(aNoteOn("p2", "o1", "p2's"));
    await round();
    await parent.save(change);
    await round();

    time.now += 4 * day;
    for (let n = 0; n < 2; n++) await round();

    const { "Observation/o1": note, ...bodies } = await child.bodies();
    expect(["Observation/o1", ...Object.keys(bodies)]).toEqual(held);
    expect(note).toBe((await parent.bodies())["Observation/o1"]);
  });

  it("[S234] and was put right before the child heard of it stays", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Nairobi", "p2"), aNoteOn("p1", "o1"));
    await round();
    await parent.save(aNoteOn("p2", "o1", "p2's"));
    await parent.save(aNoteOn("p1", "o1", "p1's after all"));

    for (let n = 0; n < 2; n++) await round();

    expect((await child.bodies())["Observation/o1"]).toContain("p1's after all");
  });
});
