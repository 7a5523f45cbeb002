import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import {
  assign,
  enrol,
  moveAll,
  type NodeForTests,
  openNodeForTests,
  setCatchment,
  synchronizerOf,
} from "../../../testing/index.ts";
import { listOpenConflicts } from "../conflicts.ts";

const live = new AbortController().signal;

const aPatient = (city: string, birthDate: string) => ({
  resourceType: "Patient",
  id: "p",
  birthDate,
  address: [{ city, country: "Kenya" }],
});

async function round(child: NodeForTests, parent: NodeForTests) {
  await using synchronizer = synchronizerOf(child, parent.answer);
  await synchronizer.pushOnce(live);
  await moveAll(parent.database);
  const report = await synchronizer.pullOnce(live);
  await moveAll(child.database);
  return report;
}

describeOnEachDatabase("conflicts of a catchment", (open) => {
  it("[S61] come to a child with the patient who comes, and go with the one who leaves", async () => {
    const [parent, north, south] = (await Promise.all(
      ["centre", "north", "south"].map(async (id) => openNodeForTests(await open(), id)),
    )) as [NodeForTests, NodeForTests, NodeForTests];
    for (const [child, city] of [
      [north, "Kisumu"],
      [south, "Nairobi"],
    ] as const) {
      await setCatchment(parent, child.id, { location: { address: `Kenya%*%*%${city}` } });
      await enrol(child, parent);
      await assign(parent, child, child.id);
    }
    await parent.save(aPatient("Kisumu", "1980-01-01"));
    await round(north, parent);
    await round(south, parent);
    await parent.save(aPatient("Kisumu", "1981-01-01"));
    await north.save(aPatient("Kisumu", "1982-01-01"));
    await round(north, parent);
    const held = async () =>
      Promise.all([north, south].map(async ({ database }) => (await listOpenConflicts(database, 9)).length));

    expect((await round(south, parent)).sideError).toBeUndefined();
    expect(await held()).toEqual([1, 0]);

    await parent.save(aPatient("Nairobi", "1981-01-01"));
    await round(north, parent);
    await round(south, parent);
    expect(await held()).toEqual([0, 1]);

    for (const { database } of [parent, north, south]) await database.close();
  });
});
