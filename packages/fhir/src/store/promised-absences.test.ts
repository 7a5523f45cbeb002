import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aPatient, saving, storeForTests } from "../../testing/index.ts";
import { bodyHashOf } from "./body-hash.ts";
import type { IncomingVersion } from "./resource-change.ts";

const ann = { type: "Patient", id: "ann" };
const body = JSON.stringify(aPatient("ann", { gender: "female" }));
const arriving: IncomingVersion = {
  key: ann,
  body,
  bodyHash: bodyHashOf(body),
  origin: { node: "centre", version: 1, operation: null },
};

describeOnEachDatabase("a record that a transaction was told does not exist", (open, dialect) => {
  it("is never written over when another transaction creates it meanwhile: the first begins again and sees it", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);
    const seen: (number | undefined)[] = [];
    let other: Promise<unknown> = Promise.resolve();

    await database.transaction(async (tx) => {
      const here = (await store.readForChange(tx, [ann])).get("Patient/ann");
      seen.push(here?.version);
      if (seen.length === 1) {
        other = database.transaction((second) => store.write(second, [saving(aPatient("ann", { gender: "other" }))]));
        // SQLite lets the second begin only when the first has ended.
        if (dialect === "postgres") await other;
      }
      if (!here) await store.apply(tx, [arriving]);
    });
    await other;

    const history = await store.history(database, { of: ann, limit: 10 });
    expect(seen).toEqual(dialect === "postgres" ? [undefined, 1] : [undefined]);
    expect(history.map(({ stored }) => stored.originNode)).toEqual(
      dialect === "postgres" ? ["here"] : ["here", "centre"],
    );
  });

  it("can be written again and again by the transaction that creates it", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);

    await database.transaction(async (tx) => {
      await store.readForChange(tx, [ann]);
      await store.apply(tx, [arriving]);
      await store.write(tx, [saving(aPatient("ann", { gender: "male" }))]);
    });

    expect((await store.read(database, ann))?.version).toBe(2);
  });
});
