import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { newUuid } from "@tributary/kernel";
import { expect, it } from "vitest";
import { type NodeForTests, openNodeForTests } from "../../testing/index.ts";
import { openConflict } from "./change-conflict.ts";
import { listConflictsOf, listOpenConflicts } from "./conflicts.ts";
import { countConflicts } from "./count-conflicts.ts";
import { type ResolveManyRequest, resolveMany } from "./resolve-many.ts";

const request: ResolveManyRequest = {
  choice: { take: "child" },
  reason: "The clinics know the telephone numbers.",
  author: "nurse",
  isTrial: false,
};

describeOnEachDatabase("deciding many conflicts", (open) => {
  it("[S65] decides the younger first, so that the older ones of the element are superseded", async () => {
    await using database = await open();
    const node = await nodeWith(database);

    const resolved = await resolveMany(database, node, { ...request, element: "Patient.telecom" });

    expect(resolved.map(({ conflict, outcome }) => [conflict.openedAt, outcome.kind])).toEqual([
      [3, "resolved"],
      [2, "already-resolved"],
    ]);
    expect((await listOpenConflicts(database, 9)).map(({ openedAt }) => openedAt)).toEqual([1]);
    expect((await node.bodies())["Patient/p"]).toContain("333");
  });

  it("tells in a trial what would come of it, and changes nothing", async () => {
    await using database = await open();
    const node = await nodeWith(database);
    const before = await listConflictsOf(database, "Patient", "p");

    const resolved = await resolveMany(database, node, { ...request, type: "Patient", isTrial: true });

    expect(resolved.map(({ outcome }) => outcome.kind)).toEqual(["resolved", "already-resolved", "resolved"]);
    expect(await listConflictsOf(database, "Patient", "p")).toEqual(before);
    expect((await node.bodies())["Patient/p"]).toContain("111");
  });

  it("tells each of them once in a trial that lost a race and was begun again", async () => {
    await using database = await open();
    const node = await nodeWith(database);
    const transaction = database.transaction.bind(database);
    let attempts = 0;
    database.transaction = (work) =>
      transaction(async (tx) => {
        attempts += 1;
        await tx.savepoint(work).catch(() => {});
        return work(tx);
      });

    const resolved = await resolveMany(database, node, { ...request, type: "Patient", isTrial: true });

    expect(attempts).toBe(1);
    expect(resolved).toHaveLength(3);
  });

  it("counts by type and element, with the median time until somebody decided", async () => {
    await using database = await open();
    const node = await nodeWith(database);
    await resolveMany(
      database,
      { ...node, clock: { ...node.clock, now: () => 1003 } },
      { ...request, element: "Patient.telecom" },
    );

    expect(await countConflicts(database)).toEqual([
      {
        type: "Patient",
        element: "Patient.birthDate",
        open: 1,
        resolved: 0,
        superseded: 0,
        settled: 0,
        medianMs: null,
      },
      { type: "Patient", element: "Patient.telecom", open: 0, resolved: 1, superseded: 1, settled: 0, medianMs: 1000 },
    ]);
  });
});

/** A node on which one patient has two conflicts about a telephone number and one about the date of birth. */
async function nodeWith(database: Database): Promise<NodeForTests & { readonly nodeId: NodeForTests["id"] }> {
  const node = await openNodeForTests(database, "centre");
  const { store, clock, random } = node;
  await node.save(aPatient("p", { birthDate: "1980-01-01", telecom: [phone("111")] }));
  const elements = [
    { path: "Patient.birthDate", elements: ["birthDate"], theirs: { birthDate: "1981-01-01" } },
    {
      path: "Patient.telecom.where(system='phone' and use='home')",
      elements: ["telecom"],
      theirs: { telecom: [phone("222")] },
    },
    {
      path: "Patient.telecom.where(system='phone' and use='home')",
      elements: ["telecom"],
      theirs: { telecom: [phone("333")] },
    },
  ];
  await database.transaction(async (tx) => {
    for (const [at, element] of elements.entries()) {
      const mine = at === 0 ? { birthDate: "1980-01-01" } : { telecom: [phone("111")] };
      await openConflict(tx, store.bus, {
        conflictId: newUuid(clock, random),
        type: "Patient",
        id: "p",
        version: 1,
        element: { ...element, because: "both-changed", base: undefined, mine, shown: "mine" },
        theirNode: "north",
        operationId: `north.1:${at}`,
        openedAt: at + 1,
        meetingId: null,
      });
    }
  });
  return { ...node, nodeId: node.id };
}

function phone(value: string) {
  return { system: "phone", use: "home", value };
}
