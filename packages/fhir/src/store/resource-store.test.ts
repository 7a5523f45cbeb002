import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import type { EventType } from "@tributary/events";
import { expect, it } from "vitest";
import { aPatient, deleting, saving, storeForTests } from "../../testing/index.ts";
import { bodyHashOf } from "./body-hash.ts";
import type { IncomingVersion } from "./resource-change.ts";
import { resourceDeleted, resourceSaved } from "./resource-events.ts";

const countVersions = sql("select count(*) as n from resource_version");
const countRecords = sql("select count(*) as n from resource");
const ann = { type: "Patient", id: "ann" };

describeOnEachDatabase("the resource store", (open) => {
  it("keeps every version of a record, numbered from 1 without holes", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);

    for (const gender of ["female", "male", "other"]) {
      await database.transaction((tx) => store.write(tx, [saving(aPatient("ann", { gender }))]));
    }

    const current = await store.read(database, ann);
    const history = await store.history(database, { of: ann, limit: 10 });
    expect(current).toMatchObject({ version: 3, operation: "update", originNode: "here", originVersion: 3 });
    expect(current?.body).toBe('{"resourceType":"Patient","id":"ann","gender":"other"}');
    expect(history.map(({ stored }) => [stored.version, stored.operation])).toEqual([
      [3, "update"],
      [2, "update"],
      [1, "create"],
    ]);
    expect((await store.readVersion(database, ann, 2))?.body).toContain("male");
  });

  it("writes many records with one call and answers in the order of the changes", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);
    const people = Array.from({ length: 300 }, (_, n) => `p${n}`);
    await database.transaction((tx) => store.write(tx, [saving(aPatient("p7")), saving(aPatient("p9"))]));

    const outcomes = await database.transaction((tx) =>
      store.write(tx, [
        ...people.map((id) => saving(aPatient(id, { active: id !== "p9" }))),
        deleting("Patient", "nobody"),
      ]),
    );

    expect(outcomes.slice(6, 10).map(({ kind }) => kind)).toEqual(["created", "updated", "created", "updated"]);
    expect(outcomes.at(-1)).toEqual({ kind: "absent", version: undefined });
    const found = await store.readMany(database, [...people.map((id) => ({ type: "Patient", id })), ann]);
    expect(found.size).toBe(300);
    expect(found.get("Patient/p299")).toMatchObject({ version: 1, key: { type: "Patient", id: "p299" } });
  });

  it("makes no version and no event of content that is already current", async () => {
    await using database = await open();
    const { store, bus } = await storeForTests(database);
    const heard: unknown[] = [];
    const change = saving(aPatient("ann", { active: true }));
    await database.transaction((tx) => store.write(tx, [change]));
    bus.on(resourceSaved.any, "within-transaction", (event) => void heard.push(event));

    const [outcome] = await database.transaction((tx) => store.write(tx, [change]));

    expect(outcome).toMatchObject({ kind: "unchanged", version: { version: 1 } });
    expect(heard).toEqual([]);
    expect(await database.first(countVersions)).toEqual({ n: 1 });
  });

  it("tells of an expectation that does not hold and changes nothing", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);
    await database.transaction((tx) => store.write(tx, [saving(aPatient("ann"))]));

    const outcomes = await database.transaction((tx) =>
      store.write(tx, [
        saving(aPatient("ann", { active: true }), 7),
        saving(aPatient("ben"), 1),
        deleting("Patient", "cid", 1),
      ]),
    );
    const [exists] = await database.transaction((tx) => store.write(tx, [saving(aPatient("ann"), "absent")]));

    expect([...outcomes, exists]).toEqual([
      { kind: "version-mismatch", current: 1 },
      { kind: "version-mismatch", current: undefined },
      { kind: "version-mismatch", current: undefined },
      { kind: "version-mismatch", current: 1 },
    ]);
    expect(await database.first(countVersions)).toEqual({ n: 1 });
    expect(await database.first(countRecords)).toEqual({ n: 1 });
  });

  it("deletes once, keeps the history, and creates again with the next number", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);
    await database.transaction((tx) => store.write(tx, [saving(aPatient("ann"))]));

    const [first] = await database.transaction((tx) => store.write(tx, [deleting("Patient", "ann")]));
    const [again] = await database.transaction((tx) => store.write(tx, [deleting("Patient", "ann")]));
    const gone = await store.read(database, ann);
    const [back] = await database.transaction((tx) => store.write(tx, [saving(aPatient("ann"), "absent")]));

    expect(first).toMatchObject({ kind: "deleted", version: { version: 2 } });
    expect(again).toMatchObject({ kind: "absent", version: { version: 2 } });
    expect(gone).toMatchObject({ version: 2, operation: "delete", body: undefined, bodyHash: null });
    expect(back).toMatchObject({ kind: "created", version: { version: 3 } });
    expect((await store.readVersion(database, ann, 1))?.body).toBe('{"resourceType":"Patient","id":"ann"}');
  });

  it("lets exactly one of many writers that expect the same version win", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);
    await database.transaction((tx) => store.write(tx, [saving(aPatient("ann"))]));

    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        database.transaction((tx) => store.write(tx, [saving(aPatient("ann", { language: `x-${n}` }), 1)])),
      ),
    );

    expect(outcomes.flat().filter(({ kind }) => kind === "updated")).toHaveLength(1);
    expect(outcomes.flat().filter(({ kind }) => kind === "version-mismatch")).toHaveLength(19);
  });

  it("gives a record that many create at once one history without holes", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);

    const outcomes = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        database.transaction((tx) =>
          store.write(tx, [
            saving(aPatient("ben", { language: `x-${n}` })),
            saving(aPatient("ann", { language: `x-${n}` })),
          ]),
        ),
      ),
    );

    const history = await store.history(database, { of: ann, limit: 100 });
    expect(outcomes.flat().filter(({ kind }) => kind === "created")).toHaveLength(2);
    expect(history.map(({ stored }) => stored.version)).toEqual(Array.from({ length: 16 }, (_, n) => 16 - n));
  });

  it("publishes one typed event a change inside the transaction, and a veto undoes the change", async () => {
    await using database = await open();
    const { store, bus } = await storeForTests(database);
    const heard: string[] = [];
    bus.on(resourceSaved.of("Patient"), "within-transaction", ({ resource, version, operation, patient }) => {
      heard.push(`${operation} ${resource.gender} ${version} of ${patient}`);
      if (resource.gender === "unknown") throw new Error("veto");
    });
    bus.on(resourceSaved.any, "after-commit", ({ key }) => void heard.push(`any ${key.type}`));
    bus.on(
      resourceDeleted,
      "within-transaction",
      ({ key, patient }) => void heard.push(`gone ${key.type} of ${patient}`),
    );
    const visit = { resourceType: "Encounter", id: "e1", subject: { reference: "Patient/ann" } };

    await database.transaction((tx) => store.write(tx, [saving(aPatient("ann", { gender: "female" })), saving(visit)]));
    await database.transaction((tx) => store.write(tx, [deleting("Encounter", "e1")]));
    const vetoed = database.transaction((tx) => store.write(tx, [saving(aPatient("ann", { gender: "unknown" }))]));

    await expect(vetoed).rejects.toThrow("veto");
    expect(heard).toEqual([
      "create female 1 of ann",
      "any Patient",
      "any Encounter",
      "gone Encounter of ann",
      "update unknown 2 of ann",
    ]);
    expect((await store.read(database, ann))?.version).toBe(1);
  });

  it("tells of each change set as of one, whichever of the ways the changes come", async () => {
    await using database = await open();
    const { store, bus } = await storeForTests(database);
    const heard: unknown[] = [];
    bus.on(resourceSaved.any, "within-transaction", (event) => void heard.push([event.key.id, event.changeSet]));
    bus.on(resourceDeleted, "within-transaction", (event) => void heard.push([event.key.id, event.changeSet]));
    const arriving = saving(aPatient("cid"));

    await database.transaction(async (tx) => {
      await store.write(tx, [{ ...saving(aPatient("ann")), changeSet: "one" }, saving(aPatient("ben"))]);
      const origin = { node: "elsewhere", version: 1, operation: null };
      const bodyHash = bodyHashOf(arriving.body);
      await store.apply(tx, [{ key: arriving.key, body: arriving.body, bodyHash, origin, changeSet: "two" }]);
      await store.write(tx, [{ ...deleting("Patient", "ann"), changeSet: "one" }]);
    });

    expect(heard).toEqual([
      ["ann", "one"],
      ["ben", undefined],
      ["cid", "two"],
      ["ann", "one"],
    ]);
    expect(await store.readVersion(database, ann, 1)).toMatchObject({ originOperation: "one" });
  });

  it("takes over versions of another node with id, content and origin, once", async () => {
    await using database = await open();
    const { store, bus } = await storeForTests(database);
    const origins: unknown[] = [];
    bus.on(resourceSaved.any, "within-transaction", ({ originNode, originOperation }) => {
      origins.push([originNode, originOperation]);
    });
    const incoming = arriving('{"resourceType":"Patient","id":"ann",  "multipleBirthInteger": 2}', 4);

    const first = await database.transaction((tx) => store.apply(tx, [incoming]));
    const second = await database.transaction((tx) => store.apply(tx, [incoming]));
    const deletion = { ...incoming, body: undefined, bodyHash: null };
    const third = await database.transaction((tx) => store.apply(tx, [deletion]));
    const fourth = await database.transaction((tx) => store.apply(tx, [deletion]));

    expect([...first, ...second, ...third, ...fourth]).toEqual([
      { kind: "applied", version: 1 },
      { kind: "unchanged" },
      { kind: "applied", version: 2 },
      { kind: "unchanged" },
    ]);
    expect(origins).toEqual([["there", "op-1"]]);
    expect(await store.readVersion(database, ann, 1)).toMatchObject({
      body: incoming.body,
      originNode: "there",
      originVersion: 4,
    });
  });

  it("refuses a version whose body is damaged or is another record's", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);
    const damaged = { ...arriving('{"resourceType":"Patient","id":"ann"}', 1), bodyHash: bodyHashOf("{}") };
    const foreign = arriving('{"resourceType":"Patient","id":"ben"}', 1);

    for (const one of [damaged, foreign, arriving("{", 1)]) {
      const applied = database.transaction((tx) => store.apply(tx, [one]));
      await expect(applied).rejects.toMatchObject({ code: "REMOTE_NONSENSE" });
    }

    expect(await database.first(countVersions)).toEqual({ n: 0 });
  });

  it("pages through history without repeating or hiding what is written meanwhile", async () => {
    await using database = await open();
    const { store } = await storeForTests(database);
    for (let n = 1; n <= 7; n++) {
      const visit = { resourceType: "Encounter", id: `e${n}`, status: "planned" };
      await database.transaction((tx) =>
        store.write(tx, [saving(visit), saving(aPatient("ann", { language: `x-${n}` }))]),
      );
    }

    const seen: string[] = [];
    let before: { lastUpdated: number; versionKey: number } | undefined;
    for (;;) {
      const page = await store.history(database, {
        of: { type: "Encounter" },
        limit: 3,
        ...(before ? { before } : {}),
      });
      seen.push(...page.map(({ stored }) => stored.key.id));
      before = page.at(-1)?.place;
      await database.transaction((tx) =>
        store.write(tx, [saving({ resourceType: "Encounter", id: `late${seen.length}` })]),
      );
      if (page.length < 3) break;
    }

    expect(seen).toEqual(["e7", "e6", "e5", "e4", "e3", "e2", "e1"]);
    expect(await store.history(database, { limit: 1000 })).toHaveLength(17);
    expect(await store.history(database, { since: Date.now() + 60_000, limit: 1000 })).toEqual([]);
  });
});

function arriving(body: string, version: number): IncomingVersion {
  return { key: ann, body, bodyHash: bodyHashOf(body), origin: { node: "there", version, operation: "op-1" } };
}

/** An event type promises its resource's type, so that listeners need no casts. */
export function typePromises(): void {
  const ofPatients: EventType<unknown> = resourceSaved.of("Patient");
  void ofPatients;
  // @ts-expect-error: "Pateint" is no resource type.
  resourceSaved.of("Pateint");
}
