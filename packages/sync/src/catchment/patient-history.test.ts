import { listAudit } from "@tributary/audit";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aNoteOn, aPatientIn, openClinic } from "../../testing/index.ts";

const live = new AbortController().signal;

describeOnEachDatabase("the history of a patient who comes in", (open) => {
  it("[S188] comes on request, the newest version first, to the byte, and is entered in both trails", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round, synchronizer } = clinic;
    await parent.save(aPatientIn("Nairobi", "p1"), aNoteOn("p1", "o1", "first"));
    await parent.save(aNoteOn("p1", "o1", "second"));
    await parent.save(aNoteOn("p1", "gone"));
    await parent.remove("Observation", "gone");
    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();

    const versions = await synchronizer.fetchHistoryOnce("p1", "nurse", live);

    expect(versions.map(({ type, id, version, body }) => [`${type}/${id}`, version, body === null])).toEqual([
      ["Patient/p1", 2, false],
      ["Observation/gone", 2, true],
      ["Observation/gone", 1, false],
      ["Observation/o1", 2, false],
      ["Observation/o1", 1, false],
      ["Patient/p1", 1, false],
    ]);
    expect(versions[4]?.body).toBe(JSON.stringify(aNoteOn("p1", "o1", "first")));
    for (const [{ database }, outcome, actor] of [
      [parent, "history-told", child.id],
      [child, "history-asked", "nurse"],
    ] as const) {
      const { entries } = await listAudit(database, { reference: "Patient/p1", operation: "manual" }, { limit: 9 });
      expect(entries.map((entry) => [entry.outcome, entry.actor])).toEqual([[outcome, actor]]);
    }
  });

  it("[S188] tells nothing of others: of whom the child may not have, nor of what a record was of another patient", async () => {
    await using clinic = await openClinic(open);
    const { parent, round, synchronizer } = clinic;
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Nairobi", "secret"));
    await parent.save(aNoteOn("secret", "o1", "canary-of-secret"));
    await parent.save(aNoteOn("p1", "o1", "of p1"));
    await round();

    const own = await synchronizer.fetchHistoryOnce("p1", "nurse", live);
    const others = await synchronizer.fetchHistoryOnce("secret", "nurse", live);
    const nobodys = await synchronizer.fetchHistoryOnce("nobody", "nurse", live);

    expect(JSON.stringify(own)).not.toContain("canary");
    expect(own.map(({ id, version }) => [id, version])).toEqual([
      ["o1", 2],
      ["p1", 1],
    ]);
    expect([others, nobodys]).toEqual([[], []]);
  });

  it("[S188] comes in as many answers as it takes", async () => {
    await using clinic = await openClinic(open);
    const { parent, round, synchronizer, line } = clinic;
    await parent.save(aPatientIn("Kisumu", "p1"));
    const text = "x".repeat(150_000);
    for (let n = 0; n < 24; n++) await parent.save(aNoteOn("p1", "o1", `${n} ${text}`));
    await round();
    line.paths.length = 0;

    const versions = await synchronizer.fetchHistoryOnce("p1", "nurse", live);

    expect(versions.map(({ version }) => version)).toEqual([...Array.from({ length: 24 }, (_, n) => 24 - n), 1]);
    expect(line.paths.length).toBeGreaterThan(2);
  });
});
