import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aPatient, deleting, saving, storeForTests } from "../../testing/index.ts";
import { keysOfCompartments, purgeRecords, readCompartment, referencesOfCompartments } from "./compartments.ts";
import { resourceSaved } from "./resource-events.ts";

const anEncounter = (id: string, patient: string) =>
  saving({
    resourceType: "Encounter",
    id,
    status: "finished",
    class: { code: "AMB" },
    subject: { reference: `Patient/${patient}` },
    location: [{ location: { reference: "Location/ward" } }],
  });

describeOnEachDatabase("a patient's compartment", (open) => {
  it("is read in portions, deletions included, without what is another patient's", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);
    await database.transaction((tx) =>
      store.write(tx, [
        saving(aPatient("ann")),
        anEncounter("e1", "ann"),
        anEncounter("e2", "bob"),
        anEncounter("e3", "ann"),
      ]),
    );
    await database.transaction((tx) => store.write(tx, [deleting("Encounter", "e1")]));

    const [first, ...none] = await readCompartment(database, { patient: "ann", limit: 1 });
    const rest = await readCompartment(database, { patient: "ann", after: first?.place ?? 0, limit: 9 });

    expect(none).toEqual([]);
    expect([first, ...rest].map((record) => record?.stored.key.id).sort()).toEqual(["ann", "e1", "e3"]);
  });

  it("tells where its records lead", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);
    await database.transaction((tx) => store.write(tx, [saving(aPatient("ann")), anEncounter("e1", "ann")]));

    const found = await referencesOfCompartments(database, ["ann", "bob"], ["Encounter"], ["Location"]);

    expect(found).toEqual([{ patient: "ann", type: "Encounter", target: { type: "Location", id: "ward" } }]);
  });

  it("is purged with every version and all that the index knows, and leaves other patients alone", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);
    await database.transaction((tx) =>
      store.write(tx, [saving(aPatient("ann")), anEncounter("e1", "ann"), saving(aPatient("bob"))]),
    );
    await database.transaction((tx) => store.write(tx, [saving(aPatient("ann", { active: true }))]));

    const keys = await keysOfCompartments(database, ["ann"]);
    await database.transaction((tx) => purgeRecords(tx, keys));

    expect(keys.map(({ id }) => id).sort()).toEqual(["ann", "e1"]);
    const rows = async (table: string) =>
      (await database.first<{ n: number }>(sql(`select count(*) as n from ${table}`)))?.n;
    expect([await rows("resource"), await rows("resource_version"), await rows("search_reference")]).toEqual([1, 1, 0]);
    expect(await store.read(database, { type: "Patient", id: "bob" })).toBeDefined();
  });

  it("tells of a record that is now another patient's whose it was", async () => {
    await using database = await open();
    const { store, bus } = await storeForTests(database);
    const told: unknown[] = [];
    bus.on(resourceSaved.of("Encounter"), "within-transaction", ({ patient, formerPatient }) => {
      told.push([formerPatient, patient]);
    });

    await database.transaction((tx) => store.write(tx, [anEncounter("e1", "ann")]));
    await database.transaction((tx) => store.write(tx, [anEncounter("e1", "bob")]));

    expect(told).toEqual([
      [null, "ann"],
      ["ann", "bob"],
    ]);
  });
});
