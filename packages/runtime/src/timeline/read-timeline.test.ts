import {
  appendAudit,
  auditMigrations,
  chainStart,
  readOwnSegment,
  sealAuditEntries,
  takeSegment,
} from "@tributary/audit";
import { type Database, migrate } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { EventBus } from "@tributary/events";
import { bodyHashOf, fhirMigrations, ResourceStore } from "@tributary/fhir";
import { type NodeId, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { readTimeline, timelineVersionsMax } from "./read-timeline.ts";

const key = { type: "Patient", id: "p1" };
const told = { at: 1_000, reference: "Patient/p1", operationId: null, error: null } as const;

function bodyWith(members: object): string {
  return JSON.stringify({ resourceType: "Patient", id: "p1", ...members });
}

describeOnEachDatabase("the timeline of a record", (open) => {
  async function makeStore(database: Database): Promise<ResourceStore> {
    await migrate(database, [...auditMigrations, ...fhirMigrations]);
    return new ResourceStore({ nodeId: "clinic" as NodeId, bus: new EventBus(), clock: systemClock });
  }

  async function save(database: Database, store: ResourceStore, ...contents: object[]): Promise<void> {
    for (const content of contents) {
      const body = bodyWith(content);
      const change = { kind: "save", key, body, resource: JSON.parse(body), author: "nurse" } as const;
      await database.transaction((tx) => store.write(tx, [change]));
    }
  }

  it("tells every version, who made it, by which link it came, and what it changed", async () => {
    await using database = await open();
    const store = await makeStore(database);
    await save(database, store, { active: true });
    const pulled = bodyWith({ active: true, gender: "female" });
    await database.transaction(async (tx) => {
      const origin = { node: "centre", version: 7, operation: "op-1" };
      await store.apply(tx, [{ key, body: pulled, bodyHash: bodyHashOf(pulled), origin, author: "clerk" }]);
      await store.write(tx, [{ kind: "delete", key, author: "nurse" }]);
      const local = { ...told, actor: "nurse", operation: "local-write", link: null, outcome: "applied" } as const;
      const linked = { ...told, actor: "centre", link: "centre" } as const;
      await appendAudit(tx, "clinic", [
        { ...local, versionBefore: null, versionAfter: 1 },
        { ...linked, operation: "push", versionBefore: 1, versionAfter: 1, outcome: "applied" },
        { ...linked, operation: "pull", versionBefore: 1, versionAfter: 2, outcome: "applied" },
      ]);
    });

    const timeline = await readTimeline(database, store, key);

    expect(timeline).toMatchObject({ key, isCut: false });
    expect(timeline?.entries).toMatchObject([
      { version: 1, operation: "create", originNode: "clinic", author: "nurse", cameBy: "local-write", link: null },
      { version: 2, operation: "update", originNode: "centre", author: "clerk", cameBy: "pull", link: "centre" },
      { version: 3, operation: "delete", originNode: "clinic", author: "nurse", cameBy: null, link: null },
    ]);
    expect(timeline?.entries[0]?.trail.map(({ operation }) => operation)).toEqual(["local-write", "push"]);
    expect(timeline?.entries[1]?.changes).toEqual([
      { path: "Patient.gender", before: undefined, after: { gender: "female" } },
    ]);
    expect(timeline?.entries[2]?.changes.map(({ path, after }) => [path, after])).toEqual([
      ["Patient.id", undefined],
      ["Patient.active", undefined],
      ["Patient.gender", undefined],
    ]);
  });

  it("tells where the latest version is, and what other nodes told of each", async () => {
    await using database = await open();
    await using clinic = await open();
    await migrate(clinic, auditMigrations);
    const store = await makeStore(database);
    await save(database, store, { active: true });
    const pushed = bodyWith({ active: false });
    await database.transaction(async (tx) => {
      const origin = { node: "clinic-a", version: 2, operation: "op-2" };
      await store.apply(tx, [{ key, body: pushed, bodyHash: bodyHashOf(pushed), origin }]);
    });
    const there = { ...told, link: null, actor: "nurse", outcome: "applied", operation: "local-write" } as const;
    await clinic.transaction((tx) =>
      appendAudit(tx, "clinic-a", [
        { ...there, versionBefore: 1, versionAfter: 2, operationId: "op-2" },
        { ...there, versionBefore: 2, versionAfter: 3, operationId: "op-3" },
      ]),
    );
    await sealAuditEntries(clinic);
    const sent = await readOwnSegment(clinic, chainStart, { chain: undefined, limit: 9 });
    if (sent.kind !== "segment") throw new Error("there is nothing to tell");
    await database.transaction((tx) => takeSegment(tx, sent.segment, { via: "clinic-a", now: 1 }));

    const timeline = await readTimeline(database, store, key);

    expect(timeline?.entries.map(({ elsewhere }) => elsewhere.map(({ operationId }) => operationId))).toEqual([
      [],
      ["op-2"],
    ]);
    expect(timeline?.whereabouts).toMatchObject([{ node: "clinic-a", state: "has-it", version: 2 }]);
    expect(timeline?.others).toMatchObject([{ operationId: "op-3", node: "clinic-a" }]);
  });

  it("is undefined for a record that never was here", async () => {
    await using database = await open();
    const store = await makeStore(database);

    expect(await readTimeline(database, store, key)).toBeUndefined();
  });

  it("tells the latest versions when there are very many, each by what it changed", async () => {
    await using database = await open();
    const store = await makeStore(database);
    const contents = Array.from({ length: timelineVersionsMax + 2 }, (_, n) => ({ multipleBirthInteger: n }));
    await save(database, store, ...contents);

    const timeline = await readTimeline(database, store, key);

    expect(timeline?.isCut).toBe(true);
    expect(timeline?.entries).toHaveLength(timelineVersionsMax);
    expect(timeline?.entries[0]).toMatchObject({
      version: 3,
      changes: [{ before: { multipleBirthInteger: 1 }, after: { multipleBirthInteger: 2 } }],
    });
  });
});
