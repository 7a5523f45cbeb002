import { rmSync } from "node:fs";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  enrol,
  livingIn,
  openNodeForTests,
  openRestorableNode,
  type Sticks,
  setCatchment,
  sticksBetween,
} from "../../testing/index.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";

describeOnEachDatabase("a hub that has a line to nobody, neither above nor below", (open) => {
  async function openHub(catchment?: string) {
    const root = await openNodeForTests(await open(), "root");
    const hub = await openNodeForTests(await open(), "hub");
    const clinic = await openNodeForTests(await open(), "clinic");
    if (catchment !== undefined) {
      await setCatchment(root, catchment, livingIn("Kisumu"));
      await setCatchment(hub, catchment, livingIn("Kisumu"));
    }
    await enrol(hub, root, root.answer, catchment);
    await enrol(clinic, hub, hub.answer, catchment);
    const above = sticksBetween(root, () => hub);
    const below = sticksBetween(hub, () => clinic);
    const both = [above, below];
    return {
      root,
      hub,
      clinic,
      above,
      below,
      /** A messenger goes from the clinic to the hub and back, and then from the hub to the root and back. */
      async journeys(count: number) {
        for (let n = 0; n < count; n++) for (const sticks of [below, above]) await sticks.around();
      },
      async [Symbol.asyncDispose]() {
        for (const { folder } of both) rmSync(folder, { recursive: true, force: true });
        for (const { database } of [root, hub, clinic]) await database.close();
      },
    };
  }

  it("[S164] hands up what the clinic says and down what the root says, conflicts included", async () => {
    await using tiers = await openHub();
    const { root, hub, clinic, journeys } = tiers;
    await root.save(named("shared", "Otieno"));
    await journeys(2);
    await root.save(named("shared", "Odhiambo"), aPatient("from-root"));
    await clinic.save(named("shared", "Ouma"), aPatient("from-clinic"), aNoteOn("from-clinic", "note"));
    await journeys(3);

    const bodies = await root.bodies();
    expect(Object.keys(bodies)).toEqual([
      "Observation/note",
      "Patient/from-clinic",
      "Patient/from-root",
      "Patient/shared",
    ]);
    expect(await hub.bodies()).toEqual(bodies);
    expect(await clinic.bodies()).toEqual(bodies);
    expect(await listOpenConflicts(root.database, 5)).toHaveLength(1);
    expect(await listOpenConflicts(clinic.database, 5)).toHaveLength(1);
  });

  it("[S165] goes on over a line from wherever the sticks have led, on either side", async () => {
    await using tiers = await openHub();
    const { root, clinic, above, below, journeys } = tiers;
    await clinic.save(aPatient("a"));
    await journeys(1);
    await clinic.save(aPatient("b"));
    await below.round();
    await above.around();
    await root.save(aPatient("c"));
    await above.round();
    await below.around();
    const asked = [await settled(above), await settled(below)];

    expect(Object.keys(await root.bodies())).toEqual(["Patient/a", "Patient/b", "Patient/c"]);
    expect(await clinic.bodies()).toEqual(await root.bodies());
    expect(asked).toEqual([1, 1]);
  });

  it("[S166] hands on the hub's catchment only, and who leaves is let go of at both", async () => {
    await using tiers = await openHub("kisumu");
    const { root, hub, clinic, journeys } = tiers;
    await root.save(aPatientIn("Kisumu", "p1"), aNoteOn("p1", "o1"), aPatientIn("Nairobi", "p2"));
    await journeys(2);
    const first = Object.keys(await clinic.bodies());
    await root.save(aPatientIn("Nairobi", "p1"), aPatientIn("Kisumu", "p2"));
    await journeys(3);

    expect(first).toEqual(["Observation/o1", "Patient/p1"]);
    expect(Object.keys(await hub.bodies())).toEqual(["Patient/p2"]);
    expect(Object.keys(await clinic.bodies())).toEqual(["Patient/p2"]);
  });
});

for (const dialect of ["sqlite", "postgres"] as const) {
  it(`[S167] a hub that was restored from a backup is healed by what its messengers carry (${dialect})`, async () => {
    await using root = await openRestorableNode(dialect, "root");
    await using hub = await openRestorableNode(dialect, "hub");
    await using clinic = await openRestorableNode(dialect, "clinic");
    await enrol(hub.node, root.node);
    await enrol(clinic.node, hub.node);
    await clinic.node.save(aPatient("a"));
    const folders: string[] = [];
    const around = async () => {
      for (const sticks of [
        sticksBetween(hub.node, () => clinic.node),
        sticksBetween(root.node, () => hub.node),
      ] satisfies Sticks[]) {
        folders.push(sticks.folder);
        await sticks.around();
      }
    };
    await around();
    await hub.backUp();
    await clinic.node.save(aPatient("b"));
    await around();
    await hub.restore();
    await clinic.node.save(aPatient("c"));
    for (let n = 0; n < 4; n++) await around();

    expect(Object.keys(await root.node.bodies())).toEqual(["Patient/a", "Patient/b", "Patient/c"]);
    expect(await hub.node.bodies()).toEqual(await root.node.bodies());
    expect(await clinic.node.bodies()).toEqual(await root.node.bodies());
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
}

const named = (id: string, family: string) => aPatient(id, { name: [{ use: "official", family }] });

/** How many requests a round over the line takes once nothing is left to do. */
async function settled(sticks: Sticks): Promise<number> {
  await sticks.round();
  return (await sticks.round()).length;
}
