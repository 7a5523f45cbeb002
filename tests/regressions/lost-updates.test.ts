import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { listConflictsOf, listOpenConflicts } from "@tributary/sync";
import { openThreeNodes } from "@tributary/sync/testing";
import { describe, expect, it } from "vitest";
import { pullOnly, recordAt, round } from "./rounds.ts";
import { sync2Pair } from "./sync2-model.ts";

describe("Sync 2.0 loses an update", () => {
  it("when the event of a child's own change comes back before its next change goes out", () => {
    const { parent, child } = sync2Pair();
    child.server.save("patient", "p", "v1");
    child.push();
    child.server.save("patient", "p", "v2");

    child.pull();
    child.push();

    expect(parent.read("patient", "p")?.body).toBe("v1");
    expect(child.server.read("patient", "p")?.body).toBe("v2");
    expect(child.audit.every(({ success }) => success)).toBe(true);
    expect(child.conflicts).toEqual([]);
  });

  it("when both have a record of the same name at their first contact", () => {
    const { parent, child } = sync2Pair();
    parent.save("patient", "p", "parent's");
    child.server.save("patient", "p", "child's");

    child.push();

    expect(parent.read("patient", "p")?.body).toBe("child's");
    expect(child.conflicts).toEqual([]);
  });

  it("when a deletion meets an edit", () => {
    const { parent, child } = sync2Pair();
    parent.save("patient", "p", "v1");
    child.pull();
    child.server.save("patient", "p", "edited");
    parent.void("patient", "p");

    child.pull();

    expect(child.server.read("patient", "p")?.isVoided).toBe(true);
    expect(child.conflicts).toEqual([]);
  });

  it("and counts one disagreement again each time that it looks", () => {
    const { parent, child } = sync2Pair();
    parent.save("patient", "p", "v1");
    child.pull();
    parent.save("patient", "p", "parent's");
    child.server.save("patient", "p", "child's");

    child.push();
    child.pull();

    expect(child.conflicts.length).toBeGreaterThan(1);
  });
});

describeOnEachDatabase("an update", (open) => {
  it("[SYNC2-1] made between a push and the pull behind it reaches the parent and every other node", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north, south } = nodes;
    await north.save(aPatient("p", { birthDate: "1980-01-01" }));
    await round(north, parent);
    await north.save(aPatient("p", { birthDate: "1980-01-02" }));

    await pullOnly(north, parent);
    await round(north, parent);
    await round(south, parent);

    for (const node of [parent, north, south]) {
      expect(await recordAt(node, "Patient/p")).toMatchObject({ birthDate: "1980-01-02" });
    }
    expect(await listOpenConflicts(parent.database, 10)).toEqual([]);
  });

  it("[SYNC2-2] of a record that both have at first contact is kept from both sides, and nobody guesses", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north } = nodes;
    await parent.save(aPatient("p", { birthDate: "1980-01-01", gender: "female" }));
    await north.save(aPatient("p", { birthDate: "1999-09-09", gender: "female" }));

    await round(north, parent);

    const [conflict, ...others] = await listOpenConflicts(parent.database, 10);
    expect(others).toEqual([]);
    expect(conflict?.element).toMatchObject({ mine: { birthDate: "1980-01-01" }, theirs: { birthDate: "1999-09-09" } });
    expect(conflict?.element.base).toBeUndefined();
    expect(await parent.bodies()).toEqual(await north.bodies());
  });

  it.each([
    ["the parent deletes and the child edits", "parent"],
    ["the child deletes and the parent edits", "child"],
  ] as const)("[SYNC2-5] is not lost to a deletion: %s", async (_, deleter) => {
    await using nodes = await openThreeNodes(open);
    const { parent, north } = nodes;
    await parent.save(aPatient("p", { birthDate: "1980-01-01" }));
    await round(north, parent);
    const [deleting, editing] = deleter === "parent" ? [parent, north] : [north, parent];
    await deleting.remove("Patient", "p");
    await editing.save(aPatient("p", { birthDate: "1980-01-02" }));

    await round(north, parent);

    expect(await recordAt(parent, "Patient/p")).toMatchObject({ birthDate: "1980-01-02" });
    expect(await parent.bodies()).toEqual(await north.bodies());
    expect(await listOpenConflicts(parent.database, 10)).toHaveLength(1);
  });

  it("[SYNC2-5] deleted on both sides is deleted, and no conflict", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north } = nodes;
    await parent.save(aPatient("p"));
    await round(north, parent);
    await parent.remove("Patient", "p");
    await north.remove("Patient", "p");

    await round(north, parent);

    expect(await parent.bodies()).toEqual({});
    expect(await north.bodies()).toEqual({});
    expect(await listOpenConflicts(parent.database, 10)).toEqual([]);
  });

  it("[SYNC2-14] that is disputed makes one row, however often both sides look; another dispute makes its own", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north } = nodes;
    await parent.save(aPatient("p", { birthDate: "1980-01-01" }));
    await round(north, parent);
    await parent.save(aPatient("p", { birthDate: "1981-01-01" }));
    await north.save(aPatient("p", { birthDate: "1982-01-01" }));
    for (let again = 0; again < 3; again++) await round(north, parent);
    const [first, ...others] = await listConflictsOf(parent.database, "Patient", "p");

    await parent.save(aPatient("p", { birthDate: "1983-01-01" }));
    await north.save(aPatient("p", { birthDate: "1984-01-01" }));
    for (let again = 0; again < 3; again++) await round(north, parent);
    const rows = await listConflictsOf(parent.database, "Patient", "p");

    expect(others).toEqual([]);
    expect(rows).toHaveLength(2);
    expect(rows.find(({ conflictId }) => conflictId === first?.conflictId)?.element).toEqual(first?.element);
    const second = rows.find(({ conflictId }) => conflictId !== first?.conflictId);
    expect(second?.element).toMatchObject({
      base: { birthDate: "1981-01-01" },
      mine: { birthDate: "1983-01-01" },
      theirs: { birthDate: "1984-01-01" },
    });
  });

  it.each(["is alone", "has been edited there since"] as const)(
    "[S31] of a record that was deleted here before anybody else had it is merged with what others made of it: what is there %s",
    async (what) => {
      await using nodes = await openThreeNodes(open);
      const { parent, north, south } = nodes;
      await south.save(aPatient("p", { gender: "male" }));
      await south.remove("Patient", "p");
      await round(south, parent);
      await north.save(aPatient("p", { birthDate: "1980-01-01" }));
      await round(north, parent);
      if (what !== "is alone") await parent.save(aPatient("p", { birthDate: "1980-01-01", active: true }));
      await south.save(aPatient("p", { language: "sw" }));

      for (const child of [south, north, south]) await round(child, parent);

      const rows = await listConflictsOf(parent.database, "Patient", "p");
      const kept = JSON.stringify([await recordAt(parent, "Patient/p"), rows]);
      for (const written of ["1980-01-01", '"sw"']) expect(kept).toContain(written);
      for (const node of [north, south]) expect(await node.bodies()).toEqual(await parent.bodies());
    },
  );
});
