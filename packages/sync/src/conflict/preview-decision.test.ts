import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import type { NodeForTests } from "../../testing/index.ts";
import { readConflict } from "./conflicts.ts";
import type { ConflictChoice } from "./plan-decision.ts";
import { previewDecision } from "./preview-decision.ts";
import { born, clash, decide, openTree, patientAt } from "./testing/clashing-tree.ts";

function preview({ database, store }: NodeForTests, conflictId: string, choice: ConflictChoice) {
  return database.snapshot((reader) => previewDecision(reader, store, conflictId, choice));
}

describeOnEachDatabase("previewing a decision", (open) => {
  it("[S178] tells what the record would become, as deciding then makes it, and writes nothing", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    const before = await tree.parent.bodies();

    const child = await preview(tree.parent, conflictId, { take: "child" });
    const current = await preview(tree.parent, conflictId, { take: "current" });

    expect(child).toEqual({
      kind: "edit",
      body: born("1982-01-01"),
      changes: [{ path: "Patient.birthDate", before: { birthDate: "1981-01-01" }, after: { birthDate: "1982-01-01" } }],
    });
    expect(current).toEqual({ kind: "no-change", body: born("1981-01-01") });
    expect(await tree.parent.bodies()).toEqual(before);
    expect(await readConflict(tree.parent.database, conflictId)).toMatchObject({ state: "open", revision: 1 });
    await decide(tree.parent, conflictId, { take: "child" });
    expect(await patientAt(tree.parent)).toEqual(born("1982-01-01"));
    expect(await preview(tree.parent, conflictId, { take: "parent" })).toMatchObject({ kind: "already-resolved" });
  });

  it("[S178] says what would not be valid, and what is no value of the element", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));

    expect(await preview(tree.parent, conflictId, { value: { birthDate: "yesterday" } })).toMatchObject({
      kind: "invalid",
      issues: [{ severity: "error", expression: ["Patient.birthDate"] }],
    });
    expect(await preview(tree.parent, conflictId, { value: { gender: "male" } })).toMatchObject({ kind: "invalid" });
    expect(await preview(tree.sibling, conflictId, { take: "child" })).toEqual({ kind: "unknown" });
  });

  it("[S178] tells of a deletion, and of an element that has gone with its record", async () => {
    await using tree = await openTree(open);
    await tree.parent.remove("Patient", "p");
    const whole = await clash(tree, { resourceType: "Patient", id: "beside" }, born("1982-01-01"));
    expect(whole.element.path).toBe("Patient");
    expect(await preview(tree.parent, whole.conflictId, { take: "parent" })).toMatchObject({
      kind: "edit",
      body: undefined,
    });

    await decide(tree.parent, whole.conflictId, { take: "child" });
    const part = await clash(tree, born("1991-01-01"), born("1992-01-01"));
    await tree.parent.remove("Patient", "p");
    expect(await preview(tree.parent, part.conflictId, { take: "child" })).toEqual({ kind: "element-gone" });
  });
});
