import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import {
  counting,
  cutting,
  enrol,
  type NodeForTests,
  oneRound,
  openNodeForTests,
  openThreeTiers,
  untilQuiet,
} from "../../testing/index.ts";
import { type OwnReach, readOwnReach, readRecordReach } from "./own-reach.ts";

function reachOf(node: NodeForTests, parent: NodeForTests): Promise<OwnReach> {
  return readOwnReach(node.database, parent.id, node.id);
}

async function recordReach(node: NodeForTests, id: string) {
  const stored = await node.store.read(node.database, { type: "Patient", id });
  const { tiers } = await readRecordReach(node.database, node.id, { type: "Patient", id, version: stored!.version });
  return Object.fromEntries(tiers.map(({ node: tier, has }) => [tier, has]));
}

describeOnEachDatabase("how far up a change has come", (open) => {
  it("[S88] is told by the answers that a child gets anyway: taken by the parent, then by the root", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north } = tiers;
    await north.save(aPatient("a"));
    await oneRound(north, hub);
    const taken = await reachOf(north, hub);
    await oneRound(hub, root);
    await north.save(aPatient("b"));
    await oneRound(north, hub);

    expect(taken).toEqual({ made: 1, tiers: [{ node: "hub", through: 1 }] });
    expect(await reachOf(north, hub)).toEqual({
      made: 2,
      tiers: [
        { node: "hub", through: 2 },
        { node: "root", through: 1 },
      ],
    });
    expect(await recordReach(north, "a")).toEqual({ hub: true, root: true });
    expect(await recordReach(north, "b")).toEqual({ hub: true, root: false });
  });

  it("[S88] costs no request of its own", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north } = tiers;
    await north.save(aPatient("a"));
    await untilQuiet(tiers);
    await north.save(aPatient("a", { active: true }));
    await oneRound(north, hub);
    await oneRound(hub, root);
    const line = counting(hub.answer);

    await oneRound(north, hub, line);

    expect(line.paths).toHaveLength(1);
    expect((await reachOf(north, hub)).tiers).toEqual([
      { node: "hub", through: 2 },
      { node: "root", through: 2 },
    ]);
  });

  it("[S88] is never told too high: what the hub has not brought up yet holds it, other children's do not", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north, south } = tiers;
    await north.save(aPatient("a"));
    await oneRound(north, hub);
    await oneRound(
      hub,
      root,
      cutting(root.answer, () => "before"),
    );
    await oneRound(north, hub);
    const cut = await reachOf(north, hub);
    await oneRound(hub, root);
    await south.save(aPatient("s"));
    await oneRound(south, hub);
    await oneRound(north, hub);

    expect(cut.tiers).toEqual([{ node: "hub", through: 1 }]);
    expect((await reachOf(north, hub)).tiers).toContainEqual({ node: "root", through: 1 });
    expect((await reachOf(south, hub)).tiers).toEqual([{ node: "hub", through: 1 }]);
  });

  it("[S88] is held at what is before a unit that the parent has refused", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north } = tiers;
    await north.save(aPatient("good"));
    await oneRound(north, hub);
    await north.save(aPatient("bad", { gender: "unheard-of" }));
    await oneRound(north, hub);
    await north.save(aPatient("later"));
    await oneRound(north, hub);
    await oneRound(hub, root);
    await oneRound(north, hub);

    expect(await reachOf(north, hub)).toEqual({
      made: 3,
      tiers: [
        { node: "hub", through: 1 },
        { node: "root", through: 1 },
      ],
    });
    expect(await recordReach(north, "later")).toEqual({ hub: true, root: true });
  });

  it("[S88] counts what the root merged as there, and cannot say of a record that came from above", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north, south } = tiers;
    await root.save(aPatient("a", { gender: "male" }));
    await untilQuiet(tiers);
    await root.save(aPatient("a", { gender: "male", active: true }));
    await north.save(aPatient("a", { gender: "female" }));
    await oneRound(north, hub);
    await untilQuiet(tiers);
    await south.save(aPatient("own"));
    await untilQuiet(tiers);

    expect((await reachOf(north, hub)).tiers).toContainEqual({ node: "root", through: 1 });
    expect(await recordReach(south, "a")).toEqual({ hub: true, root: null });
  });

  it("[S88] goes through any number of tiers", async () => {
    const names = ["root", "region", "hub", "leaf"];
    const nodes: NodeForTests[] = [];
    const databases: Database[] = [];
    for (const name of names) {
      const database = await open();
      databases.push(database);
      nodes.push(await openNodeForTests(database, name));
    }
    const [root, region, hub, leaf] = nodes as [NodeForTests, NodeForTests, NodeForTests, NodeForTests];
    await enrol(region, root);
    await enrol(hub, region);
    await enrol(leaf, hub);
    const upwards = async () => {
      await oneRound(leaf, hub);
      await oneRound(hub, region);
      await oneRound(region, root);
    };
    await leaf.save(aPatient("a"));
    await upwards();
    const atOnce = await reachOf(leaf, hub);
    await upwards();
    await upwards();
    await upwards();

    expect(atOnce.tiers).toEqual([{ node: "hub", through: 1 }]);
    expect(await reachOf(leaf, hub)).toEqual({
      made: 1,
      tiers: [
        { node: "hub", through: 1 },
        { node: "region", through: 1 },
        { node: "root", through: 1 },
      ],
    });
    for (const database of databases) await database.close();
  });
});
