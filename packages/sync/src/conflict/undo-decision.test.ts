import { readAuditOfRecord } from "@tributary/audit";
import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import type { JsonObject } from "@tributary/fhir";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { cutting, moveAll, type NodeForTests } from "../../testing/index.ts";
import type { Conflict } from "./conflict.ts";
import { listOpenConflicts, readConflict } from "./conflicts.ts";
import { countQueuedDecisions } from "./decide/decision-queue.ts";
import { born, clash, clashApart, decide, openTree, patientAt, push, round } from "./testing/clashing-tree.ts";
import { forgetToldConflict } from "./travel/take-conflict.ts";
import { type UndoOutcome, undoDecision } from "./undo-decision.ts";

async function undo(
  { database, store, id: nodeId, clock, random }: NodeForTests,
  { conflictId }: Pick<Conflict, "conflictId">,
  { isKeepingValue = false, reason = "It was another card." } = {},
): Promise<UndoOutcome> {
  const request = { conflictId, reason, author: "doctor", isKeepingValue };
  const outcome = await database.transaction((tx) => undoDecision(tx, { store, nodeId, clock, random }, request));
  await moveAll(database);
  return outcome;
}

async function stateAt({ database }: NodeForTests, { conflictId }: Conflict) {
  return (await readConflict(database, conflictId))?.state;
}

describeOnEachDatabase("taking a decision back", (open) => {
  it("[S175] puts back what stood there, leaves other edits, opens the row at both ends and is audited", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await decide(tree.parent, conflict.conflictId, { take: "child" });
    await tree.parent.save(born("1982-01-01", { active: true }));
    await round(tree.child, tree.parent);

    const outcome = await undo(tree.parent, conflict);
    await round(tree.child, tree.parent);

    expect(outcome).toMatchObject({ kind: "undone", isChanged: true });
    for (const node of [tree.parent, tree.child]) {
      expect(await patientAt(node)).toEqual(born("1981-01-01", { active: true }));
      const row = await readConflict(node.database, conflict.conflictId);
      expect(row?.resolution).toBeUndefined();
      expect(row).toMatchObject({
        state: "open",
        undone: { by: "doctor", node: "centre", reason: "It was another card.", decidedBy: "nurse", choice: "child" },
      });
    }
    const [last] = await readAuditOfRecord(tree.parent.database, "Patient/p", 1);
    expect(last).toMatchObject({ actor: "doctor", operation: "resolve", outcome: "reopened", error: null });
    expect((last?.versionAfter ?? 0) - (last?.versionBefore ?? 0)).toBe(1);
  });

  it("[S175] can be decided anew, and that be taken back as well", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));

    for (const choice of [{ take: "child" } as const, { value: { birthDate: "1983" } }]) {
      expect(await decide(tree.parent, conflict.conflictId, choice)).toMatchObject({ kind: "resolved" });
      expect(await patientAt(tree.parent)).not.toEqual(born("1981-01-01"));
      expect(await undo(tree.parent, conflict)).toMatchObject({ kind: "undone" });
      expect(await patientAt(tree.parent)).toEqual(born("1981-01-01"));
    }
    expect(await undo(tree.parent, conflict)).toMatchObject({ kind: "already-open" });
  });

  it("[S175] opens with it what the decision had superseded", async () => {
    await using tree = await openTree(open);
    const older = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    const younger = await clash(tree, born("1991-01-01"), born("1992-01-01"));
    await decide(tree.child, younger.conflictId, { take: "child" });
    await round(tree.child, tree.parent);
    expect(await stateAt(tree.parent, older)).toBe("superseded");
    expect(await undo(tree.parent, older)).toMatchObject({ kind: "not-decided-by-anybody" });

    await undo(tree.child, younger);
    await round(tree.child, tree.parent);

    for (const node of [tree.parent, tree.child]) {
      expect((await listOpenConflicts(node.database, 9)).map(({ conflictId }) => conflictId)).toEqual([
        older.conflictId,
        younger.conflictId,
      ]);
    }
  });

  it("[S175] brings a record back that was deleted, and deletes one that was brought back", async () => {
    for (const take of ["parent", "child"] as const) {
      await using tree = await openTree(open);
      await tree.parent.remove("Patient", "p");
      await tree.child.save(born("1982-01-01"));
      await round(tree.child, tree.parent);
      const [conflict] = await listOpenConflicts(tree.parent.database, 1);
      const before = await tree.parent.bodies();
      await decide(tree.parent, conflict!.conflictId, { take });
      expect(await tree.parent.bodies()).toEqual(take === "parent" ? {} : { "Patient/p": expect.any(String) });

      await undo(tree.parent, conflict!);
      await round(tree.child, tree.parent);

      expect(await tree.parent.bodies()).toEqual(before);
      expect(await tree.child.bodies()).toEqual(before);
    }
  });

  it("[S175] puts items of a list back among the others", async () => {
    const named = (family: string) =>
      aPatient("p", {
        name: [
          { use: "official", family },
          { use: "nickname", text: "Lu" },
        ],
      });
    await using tree = await openTree(open, named("Ada"));
    const conflict = await clash(tree, named("Bea"), named("Cleo"));
    const before = await tree.parent.bodies();
    await decide(tree.parent, conflict.conflictId, { value: { name: [{ use: "official", family: "Dora" }] } });
    expect(await patientAt(tree.parent)).toEqual(named("Dora"));

    await undo(tree.parent, conflict);

    expect(await tree.parent.bodies()).toEqual(before);
  });

  it("[S175] puts decimals back with the digits that they had", async () => {
    const weight = (value: string) =>
      `{"resourceType":"Observation","id":"o","status":"final","code":{"text":"Weight"},"valueQuantity":{"value":${value}}}`;
    const parsed = (value: string) => JSON.parse(weight(value)) as JsonObject;
    await using tree = await openTree(open, parsed("60"));
    const conflict = await clash(tree, parsed("61"), parsed("62"));
    const { database, store } = tree.parent;
    const key = { type: "Observation", id: "o" };
    const edit = { kind: "save" as const, key, body: weight("61.50"), resource: parsed("61.50") };
    await database.transaction((tx) => store.write(tx, [edit]));
    await decide(tree.parent, conflict.conflictId, { take: "child" });
    expect(await tree.parent.bodies()).toEqual({ "Observation/o": weight("62") });

    await undo(tree.parent, conflict);

    expect(await tree.parent.bodies()).toEqual({ "Observation/o": weight("61.50") });
  });

  it("[S176] refuses where the element was edited since, and opens the conflict when the value is to stay", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await decide(tree.parent, conflict.conflictId, { take: "child" });
    await round(tree.child, tree.parent);
    await tree.child.save(born("1990-01-01"));
    await round(tree.child, tree.parent);
    const before = await patientAt(tree.parent);

    const refused = await undo(tree.parent, conflict);
    const stateThen = await stateAt(tree.parent, conflict);
    const opened = await undo(tree.parent, conflict, { isKeepingValue: true });

    expect(refused).toMatchObject({ kind: "edited-since" });
    expect(stateThen).toBe("resolved");
    expect(opened).toMatchObject({ kind: "undone", isChanged: false });
    expect(await patientAt(tree.parent)).toEqual(before);
    expect(await stateAt(tree.parent, conflict)).toBe("open");
  });

  it("[S176] refuses without a reason, of what is not there, and after a deletion", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    const unknown = { conflictId: "01000000-0000-7000-8000-000000000009" };
    await decide(tree.parent, conflict.conflictId, { take: "child" });
    await tree.parent.remove("Patient", "p");

    expect(await undo(tree.parent, conflict, { reason: " " })).toEqual({ kind: "reason-refused" });
    expect(await undo(tree.parent, unknown)).toEqual({ kind: "unknown" });
    expect(await undo(tree.parent, conflict)).toMatchObject({ kind: "edited-since" });
    expect(await stateAt(tree.parent, conflict)).toBe("resolved");
  });

  it("[S176] leaves a value alone that the decision had not changed", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await decide(tree.parent, conflict.conflictId, { take: "current" });
    await tree.parent.save(born("1990-01-01"));

    expect(await undo(tree.parent, conflict)).toMatchObject({ kind: "undone", isChanged: false });
    expect(await patientAt(tree.parent)).toEqual(born("1990-01-01"));
  });

  it("[S177] travels from a child behind its decision, and each takes effect once", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await decide(tree.child, conflict.conflictId, { take: "child" });
    await undo(tree.child, conflict);
    expect(await countQueuedDecisions(tree.child.database)).toBe(2);

    const line = cutting(tree.parent.answer, ({ url }) => (url.pathname.endsWith("decide") ? "after" : undefined));
    await push(tree.child, line);
    await round(tree.child, tree.parent);
    await round(tree.sibling, tree.parent);

    expect(await countQueuedDecisions(tree.child.database)).toBe(0);
    for (const node of [tree.parent, tree.child, tree.sibling]) {
      expect(await patientAt(node)).toEqual(born("1981-01-01"));
      expect(await readConflict(node.database, conflict.conflictId)).toMatchObject({
        state: "open",
        undone: { node: "north", by: "doctor" },
      });
    }
  });

  it("[S177] is not overtaken by the parent's older row, and does not open what somebody else decided", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await round(tree.sibling, tree.parent);
    await decide(tree.child, conflict.conflictId, { take: "child" });
    await round(tree.child, tree.parent);
    await undo(tree.child, conflict);
    const silent = cutting(tree.parent.answer, ({ url }) => (url.pathname.endsWith("decide") ? "before" : undefined));
    await round(tree.child, tree.parent, silent);
    expect(await stateAt(tree.child, conflict)).toBe("open");
    expect(await stateAt(tree.parent, conflict)).toBe("resolved");

    // Meanwhile it is taken back and decided anew at the parent.
    await undo(tree.parent, conflict, { isKeepingValue: true });
    await decide(tree.parent, conflict.conflictId, { take: "current" });
    await round(tree.child, tree.parent);
    await round(tree.child, tree.parent);

    for (const node of [tree.parent, tree.child]) {
      expect(await readConflict(node.database, conflict.conflictId)).toMatchObject({
        state: "resolved",
        resolution: { node: "centre" },
      });
    }
    expect(await tree.child.bodies()).toEqual(await tree.parent.bodies());
  });

  it("[S177] goes up and down through a hub", async () => {
    await using tree = await openTree(open);
    const grandchild = await tree.below("village", tree.child);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await round(grandchild, tree.child);
    await decide(grandchild, conflict.conflictId, { take: "child" });
    await round(grandchild, tree.child);
    await round(tree.child, tree.parent);

    await undo(grandchild, conflict);
    await round(grandchild, tree.child);
    await round(tree.child, tree.parent);
    await round(grandchild, tree.child);

    for (const node of [tree.parent, tree.child, grandchild]) {
      expect(await patientAt(node)).toEqual(born("1981-01-01"));
      expect(await readConflict(node.database, conflict.conflictId)).toMatchObject({
        state: "open",
        undone: { node: "village" },
      });
    }
  });

  it("[S107] keeps no value of a decision about a record that it may no longer hold, and tells the decision all the same", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await round(tree.child, tree.parent);
    const { database } = tree.child;
    await decide(tree.child, conflict.conflictId, { take: "child" });
    const kept = () => database.all<{ change: string | null }>(sql("select change from conflict_decisions"));
    expect(await kept()).toEqual([{ change: expect.stringContaining("1982-01-01") }]);

    await database.transaction((tx) => forgetToldConflict(tx, "centre", conflict.conflictId));
    expect(await kept()).toEqual([{ change: null }]);
    await push(tree.child, tree.parent.answer);

    expect(await readConflict(tree.parent.database, conflict.conflictId)).toMatchObject({ state: "resolved" });
    expect(await undo(tree.parent, conflict)).toEqual({ kind: "value-unknown" });
    expect(await undo(tree.parent, conflict, { isKeepingValue: true })).toMatchObject({ kind: "undone" });
  });

  it("[S177] is merged with what was edited at the parent meanwhile, and contested where both changed the same", async () => {
    await using tree = await openTree(open);
    const conflict = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await decide(tree.child, conflict.conflictId, { take: "child" });
    await round(tree.child, tree.parent);
    await undo(tree.child, conflict);
    await clashApart(tree, born("1995-01-01"), born("1981-01-01", { active: true }));
    await round(tree.child, tree.parent);

    const open1 = await listOpenConflicts(tree.parent.database, 9);
    expect(open1.map(({ element }) => [element.mine, element.theirs])).toEqual([
      [{ birthDate: "1981-01-01" }, { birthDate: "1982-01-01" }],
      [{ birthDate: "1995-01-01" }, { birthDate: "1981-01-01" }],
    ]);
    expect(await tree.child.bodies()).toEqual(await tree.parent.bodies());
  });
});
