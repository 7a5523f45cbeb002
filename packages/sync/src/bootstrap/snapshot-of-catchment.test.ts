import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { silentLogger, systemClock, systemRandom } from "@tributary/kernel";
import { expect, it } from "vitest";
import { aNoteOn, aPatientIn, exchangeOver, openClinic, synchronizerOf } from "../../testing/index.ts";
import { createSyncServer } from "../sync-server.ts";
import { SnapshotLibrary } from "./snapshot-library.ts";
import { openSnapshotShelf } from "./snapshot-shelf.ts";

describeOnEachDatabase("a snapshot of a catchment", (open) => {
  it("[S136] brings who came, lets go of who left while the child was away, and tells of nobody else", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tributary-shelf-"));
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    const { database, store, id: nodeId } = parent;
    const snapshots = new SnapshotLibrary({
      database,
      shelf: openSnapshotShelf(folder),
      clock: systemClock,
      logger: silentLogger,
    });
    const { routes } = createSyncServer({
      database,
      store,
      nodeId,
      clock: systemClock,
      random: systemRandom,
      snapshots,
    });
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Kisumu", "p2"), aNoteOn("p1", "o1"), aNoteOn("p2", "o2"));
    await round();
    await parent.save(aPatientIn("Mombasa", "p1"), aPatientIn("Kisumu", "p3"), aPatientIn("Nairobi", "p4"));

    await using synchronizer = synchronizerOf(child, exchangeOver(routes), {
      memberships: child.memberships,
      snapshotAbove: 1,
    });
    const report = await synchronizer.pullOnce(new AbortController().signal);
    rmSync(folder, { recursive: true, force: true });

    expect(report.status).toBe("complete");
    expect(Object.keys(await child.bodies())).toEqual(["Observation/o2", "Patient/p2", "Patient/p3"]);
  });
});
