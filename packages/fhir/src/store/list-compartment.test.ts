import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aPatient, deleting, saving, storeForTests } from "../../testing/index.ts";
import { listCompartment } from "./list-compartment.ts";

describeOnEachDatabase("a patient's compartment", (open) => {
  it("has the patient and all that names it, page by page, deleted records included", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);
    const observation = (id: string, patient: string) =>
      saving({
        resourceType: "Observation",
        id,
        status: "final",
        code: { text: "weight" },
        subject: { reference: `Patient/${patient}` },
      });
    await database.transaction((tx) =>
      store.write(tx, [
        saving(aPatient("a")),
        saving(aPatient("b")),
        observation("o1", "a"),
        observation("o2", "b"),
        observation("o3", "a"),
      ]),
    );
    await database.transaction((tx) => store.write(tx, [deleting("Observation", "o3")]));

    const first = await listCompartment(database, "a", undefined, 2);
    const second = await listCompartment(database, "a", first.at(-1), 2);

    expect([...first, ...second]).toEqual([
      { type: "Observation", id: "o1" },
      { type: "Observation", id: "o3" },
      { type: "Patient", id: "a" },
    ]);
    expect(await listCompartment(database, "nobody", undefined, 2)).toEqual([]);
  });
});
