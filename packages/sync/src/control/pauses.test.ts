import { listAudit } from "@tributary/audit";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { counting, enrol, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import { pauseLink, readLinkPauses, requireNotPaused, resumeLink } from "./pauses.ts";

describeOnEachDatabase("a pause", (open) => {
  it("[S74] stops one direction and not the other, until somebody lets it go on", async () => {
    await using above = await open();
    await using below = await open();
    const [parent, child] = await Promise.all([openNodeForTests(above, "centre"), openNodeForTests(below, "north")]);
    await enrol(child, parent);
    await parent.save(aPatient("there"));
    await child.save(aPatient("here"));
    const actor = { nodeId: child.id, author: "nurse", now: 1_000 };
    const line = counting(parent.answer);

    await below.transaction((tx) => pauseLink(tx, ["push"], { ...actor, reason: "the line is dear\u0007 today" }));
    await using synchronizer = synchronizerOf(child, line, { everyMs: 5 });
    synchronizer.start();
    await untilThere(() => child.bodies(), "Patient/there");
    const atParent = await parent.bodies();
    const pauses = await readLinkPauses(below);
    await below.transaction((tx) => resumeLink(tx, ["push", "pull"], { ...actor, now: 2_000 }));
    await untilThere(() => parent.bodies(), "Patient/here");

    expect(pauses).toEqual([
      { direction: "push", pausedAt: 1_000, pausedBy: "nurse", reason: "the line is dear today" },
    ]);
    expect(Object.keys(atParent)).toEqual(["Patient/there"]);
    expect(line.paths.indexOf("push")).toBeGreaterThan(line.paths.indexOf("read"));
    const { entries } = await listAudit(below, { operation: "configure" }, { limit: 9 });
    expect(entries).toMatchObject([
      { actor: "nurse", link: "centre", outcome: "push-resumed" },
      { actor: "nurse", link: "centre", outcome: "push-paused", error: "the line is dear today" },
    ]);
  });

  it("[S74] keeps who paused first and why, and says so to whoever asks for what is paused", async () => {
    await using above = await open();
    await using below = await open();
    const [parent, child] = await Promise.all([openNodeForTests(above, "centre"), openNodeForTests(below, "north")]);
    const actor = { nodeId: child.id, author: "nurse", now: 1_000, reason: "repair" };
    const orphaned = below.transaction((tx) => pauseLink(tx, ["pull"], actor));
    await expect(orphaned).rejects.toMatchObject({ code: "NOT_ENROLLED" });
    await enrol(child, parent);

    await below.transaction((tx) => pauseLink(tx, ["pull"], actor));
    const all = await below.transaction((tx) =>
      pauseLink(tx, ["pull", "push"], { ...actor, author: "doctor", now: 2_000, reason: "stock-taking" }),
    );
    const silent = below.transaction((tx) => pauseLink(tx, ["pull"], { ...actor, reason: " \n" }));

    await expect(silent).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    expect(all).toMatchObject([
      { direction: "push", pausedBy: "doctor" },
      { direction: "pull", pausedBy: "nurse", reason: "repair" },
    ]);
    await expect(requireNotPaused(below, ["pull"])).rejects.toThrow(/paused by nurse since 1970.*repair/);
    await below.transaction((tx) => resumeLink(tx, ["pull"], actor));
    await requireNotPaused(below, ["pull"]);
  });
});

async function untilThere(bodies: () => Promise<Record<string, string>>, name: string): Promise<void> {
  for (let tries = 0; !(name in (await bodies())); tries++) {
    if (tries === 200) throw new Error(`${name} did not come`);
    await systemClock.sleep(10);
  }
}
