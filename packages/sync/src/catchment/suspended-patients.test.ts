import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { beginEpoch } from "@tributary/events";
import type { JsonObject } from "@tributary/fhir";
import { silentLogger, systemClock, type Uuid } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  assign,
  type ClinicForTests,
  livingIn,
  openClinic,
  setCatchment,
} from "../../testing/index.ts";
import { SnapshotLibrary } from "../bootstrap/snapshot-library.ts";
import { openSnapshotShelf } from "../bootstrap/snapshot-shelf.ts";

const group: JsonObject = {
  resourceType: "Group",
  id: "g",
  type: "person",
  actual: true,
  member: [{ entity: { reference: "Patient/p1" } }],
};

/** What makes a child ask anew whose records it has. */
const reasons: Readonly<Record<string, (clinic: ClinicForTests) => Promise<void>>> = {
  "its parent was restored": ({ parent }) =>
    parent.database.transaction((tx) => beginEpoch(tx, "00000000-0000-4000-8000-000000000001" as Uuid)),
  "it was given another catchment": ({ parent, child }) => assign(parent, child, "either"),
};

describeOnEachDatabase("who is suspended", (open) => {
  it.each(Object.keys(reasons))(
    "[S102] [S242] loses nothing when a child takes up its catchment anew: %s",
    async (why) => {
      await using clinic = await openClinic(open);
      const { parent, child, round } = clinic;
      await parent.save(group, aPatientIn("Nairobi", "p1"), aNoteOn("p1", "o1"), aPatientIn("Kisumu", "p2"));
      await setCatchment(parent, "kisumu", { cohort: "Group/g" });
      await setCatchment(parent, "either", { any: [{ cohort: "Group/g" }, livingIn("Kisumu")] });
      await round();
      await parent.remove("Group", "g");
      await round();
      await parent.save(aNoteOn("p1", "o2", "nothing new"));

      await reasons[why]!(clinic);
      await round();
      await round();
      const suspended = Object.keys(await child.bodies()).filter((name) => name !== "Patient/p2");
      await parent.save(group);
      await round();

      expect(suspended).toEqual(["Observation/o1", "Patient/p1"]);
      expect(Object.keys(await child.bodies())).toEqual(expect.arrayContaining(["Observation/o2", "Patient/p1"]));
    },
  );

  it("[S242] stays also where the other catchment is begun from a snapshot", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tributary-shelf-"));
    await using ended = new AsyncDisposableStack();
    ended.defer(() => rmSync(folder, { recursive: true, force: true }));
    const shelf = openSnapshotShelf(folder);
    await using clinic = await openClinic(open, { snapshotAbovePatients: 2 }, (database) => ({
      snapshots: new SnapshotLibrary({ database, shelf, clock: systemClock, logger: silentLogger }),
    }));
    const { parent, child, line, round } = clinic;
    await parent.save(group, aPatientIn("Nairobi", "p1"), aPatientIn("Kisumu", "p2"), aPatientIn("Kisumu", "p3"));
    await setCatchment(parent, "kisumu", { cohort: "Group/g" });
    await setCatchment(parent, "either", { any: [{ cohort: "Group/g" }, livingIn("Kisumu")] });
    await round();
    await parent.remove("Group", "g");
    await round();

    await assign(parent, child, "either");
    await round();
    await round();

    expect(line.paths.some((path) => path.startsWith("snapshots/chunks/"))).toBe(true);
    expect(Object.keys(await child.bodies())).toEqual(["Patient/p1", "Patient/p2", "Patient/p3"]);
  });
});
