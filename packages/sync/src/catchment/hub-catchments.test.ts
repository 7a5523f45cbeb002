import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { silentLogger, systemClock } from "@tributary/kernel";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  enrol,
  livingIn,
  moveAll,
  type NodeForTests,
  oneRound,
  openNodeForTests,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";
import { SnapshotLibrary } from "../bootstrap/snapshot-library.ts";
import { openSnapshotShelf } from "../bootstrap/snapshot-shelf.ts";
import { revokeChildNode } from "../enrolment/child-nodes.ts";
import { visibilityOf } from "./visibility.ts";

const readParked = sql("select operation_id from parked_units");
const live = new AbortController().signal;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-shelf-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describeOnEachDatabase("a hub with a catchment", (open) => {
  it("[S117] takes who is purged out of the verdicts and snapshots for its own children", async () => {
    await using three = await openThree(open);
    const { root, hub, leaf, hubRound } = three;
    const shelf = openSnapshotShelf(folder);
    await root.save(aPatientIn("Kisumu", "p1"), aPatientIn("Kisumu", "p2"));
    await hubRound();
    await oneRound(leaf, hub);
    await hub.save(aPatientIn("Kisumu", "p1", { birthDate: "1980-01-01" }));
    await leaf.save(aPatientIn("Kisumu", "p1", { name: [{ family: "Token-of-p1" }] }));
    await oneRound(leaf, hub);
    const library = new SnapshotLibrary({ database: hub.database, shelf, clock: systemClock, logger: silentLogger });
    await library.make(await visibilityOf(hub.database, leaf.id));
    const before = await verdictsOf(hub);
    const files = readdirSync(folder).length;

    await root.save(aPatientIn("Mombasa", "p1"));
    await hubRound({ shelf });
    await hubRound({ shelf });

    expect(before).toContain("Token-of-p1");
    expect(files).toBeGreaterThan(0);
    expect(Object.keys(await hub.bodies())).toEqual(["Patient/p2"]);
    expect(await verdictsOf(hub)).not.toContain("Token-of-p1");
    expect(readdirSync(folder)).toEqual([]);
    const again = await library.make(await visibilityOf(hub.database, leaf.id));
    expect(again.chunks.map(({ records }) => records)).toEqual([1]);
  });

  it("[S236] purges nobody of whom an edit of its own child is parked, and then everything", async () => {
    await using three = await openThree(open);
    const { root, hub, leaf, hubRound } = three;
    await root.save(aPatientIn("Kisumu", "p1"));
    await hubRound();
    await oneRound(leaf, hub);
    const managed = { managingOrganization: { reference: "Organization/late" } };
    await leaf.save(aPatientIn("Kisumu", "p1", { name: [{ family: "Token-of-p1" }], ...managed }));
    await leaf.save({ ...aNoteOn("p1", "o1"), performer: [{ reference: "Practitioner/later" }] });
    const { pushed } = await oneRound(leaf, hub);

    await root.save(aPatientIn("Mombasa", "p1"));
    await hubRound();
    const kept = await hub.bodies();
    await root.save({ resourceType: "Organization", id: "late" });
    await hubRound();
    await oneRound(leaf, hub);
    await hubRound();
    const half = await hub.bodies();
    await root.save({ resourceType: "Practitioner", id: "later" });
    await hubRound();
    await oneRound(leaf, hub);
    await hubRound();

    expect(pushed).toMatchObject({ parked: 2 });
    expect(Object.keys(kept)).toEqual(["Patient/p1"]);
    expect(half["Patient/p1"]).toContain("Token-of-p1");
    expect((await root.bodies())["Patient/p1"]).toContain("Token-of-p1");
    expect(Object.keys(await root.bodies())).toContain("Observation/o1");
    expect(Object.keys(await hub.bodies())).toEqual(["Organization/late", "Practitioner/later"]);
    expect(await hub.database.all(readParked)).toEqual([]);
  });

  it("[S236] keeps nobody for what a revoked child sent, and nothing of that", async () => {
    await using three = await openThree(open);
    const { root, hub, leaf, hubRound } = three;
    await root.save(aPatientIn("Kisumu", "p1"));
    await hubRound();
    await oneRound(leaf, hub);
    await leaf.save({ ...aNoteOn("p1", "o1"), performer: [{ reference: "Practitioner/later" }] });
    await oneRound(leaf, hub);
    const before = await hub.database.all(readParked);
    await hub.database.transaction((tx) => revokeChildNode(tx, leaf.id, hub.clock.now()));

    await root.save(aPatientIn("Mombasa", "p1"));
    await hubRound();

    expect(before).toHaveLength(1);
    expect(await hub.database.all(readParked)).toEqual([]);
    expect(await hub.bodies()).toEqual({});
  });

  it("[S118] hands up edits of patients whom its own children registered, wherever those live", async () => {
    await using three = await openThree(open);
    const { root, hub, leaf, hubRound } = three;
    await hubRound();
    await oneRound(leaf, hub);
    await leaf.save(aPatientIn("Nairobi", "p9"));
    await oneRound(leaf, hub);
    await hubRound();
    expect(Object.keys(await root.bodies())).toEqual(["Patient/p9"]);

    await leaf.save(aPatientIn("Nairobi", "p9", { gender: "female" }), aNoteOn("p9", "late"));
    await oneRound(leaf, hub);
    const { pushed } = await hubRound();

    expect(pushed).toMatchObject({ refused: 0, queued: 0 });
    const { "Patient/p9": patient, "Observation/late": note } = await root.bodies();
    expect(JSON.parse(patient ?? "{}")).toMatchObject({ gender: "female" });
    expect(note).toBeDefined();
  });

  it("[S105] [S118] is refused an edit of a patient who came to the parent another way", async () => {
    await using three = await openThree(open);
    const { root, hub, hubRound } = three;
    await root.save(aPatientIn("Nairobi", "p9"));
    await hubRound();
    await hub.save(aPatientIn("Nairobi", "p9", { gender: "female" }));

    const { pushed } = await hubRound();

    expect(pushed).toMatchObject({ refused: 1 });
    expect(JSON.parse((await root.bodies())["Patient/p9"] ?? "{}")).not.toHaveProperty("gender");
  });
});

/** A root, a hub with the patients of Kisumu, and a leaf under it that has all that the hub has. */
async function openThree(open: () => Promise<Database>) {
  const [root, hub, leaf] = (await Promise.all(
    ["root", "hub", "leaf"].map(async (id) => openNodeForTests(await open(), id)),
  )) as [NodeForTests, NodeForTests, NodeForTests];
  await setCatchment(root, "kisumu", livingIn("Kisumu"));
  await enrol(hub, root, root.answer, "kisumu");
  await enrol(leaf, hub);
  return {
    root,
    hub,
    leaf,
    async hubRound(more: Parameters<typeof synchronizerOf>[2] = {}) {
      await using synchronizer = synchronizerOf(hub, root.answer, { memberships: hub.memberships, ...more });
      const pushed = await synchronizer.pushOnce(live);
      await moveAll(root.database);
      const pulled = await synchronizer.pullOnce(live);
      await moveAll(hub.database);
      return { pushed, pulled };
    },
    async [Symbol.asyncDispose]() {
      for (const { database } of [leaf, hub, root]) await database.close();
    },
  };
}

async function verdictsOf({ database }: NodeForTests): Promise<string> {
  return JSON.stringify(await database.all(sql("select verdict from push_verdicts")));
}
