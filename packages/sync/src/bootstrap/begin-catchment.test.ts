import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { silentLogger, systemClock } from "@tributary/kernel";
import { afterEach, beforeEach, expect, it } from "vitest";
import { aNoteOn, aPatientIn, cutting, moveAll, openClinic, synchronizerOf } from "../../testing/index.ts";
import { listGuests } from "../catchment/follow/guest-patients.ts";
import { SnapshotLibrary } from "./snapshot-library.ts";
import { readBeginning } from "./snapshot-progress.ts";
import { openSnapshotShelf } from "./snapshot-shelf.ts";

const live = new AbortController().signal;
const organization = { resourceType: "Organization", id: "org", name: "Ministry" };
const aPatientWithNote = (city: string, id: string) => [aPatientIn(city, id), aNoteOn(id, `note-${id}`)];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-shelf-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A clinic whose catchment counts as large from two patients on. */
function openLargeClinic(open: () => Promise<Database>) {
  return openClinic(open, { snapshotAbovePatients: 2 }, (database) => ({
    snapshots: new SnapshotLibrary({
      database,
      shelf: openSnapshotShelf(folder),
      clock: systemClock,
      logger: silentLogger,
    }),
  }));
}

describeOnEachDatabase("a child that begins a large catchment", (open) => {
  it("[S115] takes it in from a snapshot, tells of nobody else, and goes on with the streams", async () => {
    await using two = await openLargeClinic(open);
    const { parent, child, line, round } = two;
    await parent.save(...["p1", "p2"].flatMap((id) => aPatientWithNote("Kisumu", id)), organization);
    await parent.save(...aPatientWithNote("Nairobi", "p3"));

    const { pulled } = await round();
    const asked = [...line.paths];
    await parent.save(...aPatientWithNote("Kisumu", "p4"), { ...organization, id: "other" });
    await round();

    expect(pulled).toMatchObject({ status: "complete", applied: 5 });
    expect(asked.filter((path) => path.startsWith("snapshots/chunks/"))).toHaveLength(3);
    expect(asked).not.toContain("compartments/read");
    const held = await parent.bodies();
    for (const name of ["Patient/p3", "Observation/note-p3"]) delete held[name];
    expect(await child.bodies()).toEqual(held);
  });

  it("[S115] fetches the compartments of a small one", async () => {
    await using two = await openLargeClinic(open);
    const { parent, child, line, round } = two;
    await parent.save(...aPatientWithNote("Kisumu", "p1"), organization);

    await round();

    expect(line.paths.filter((path) => path.startsWith("snapshots/"))).toEqual([]);
    expect(line.paths).toContain("compartments/read");
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S115] goes on where it was broken off, whoever came and left meanwhile", async () => {
    await using two = await openLargeClinic(open);
    const { parent, child, line } = two;
    await parent.save(...["p1", "p2", "p3"].flatMap((id) => aPatientWithNote("Kisumu", id)), organization);
    const chunks = new Map<string, number>();
    const cut = cutting(line, ({ url }) => {
      if (!url.pathname.includes("snapshots/chunks/")) return undefined;
      chunks.set(url.pathname, (chunks.get(url.pathname) ?? 0) + 1);
      return [...chunks.values()].reduce((sum, count) => sum + count) === 3 ? "before" : undefined;
    });
    await using synchronizer = synchronizerOf(child, cut, { snapshotAbovePatients: 2 });

    const broken = await synchronizer.pullOnce(live);
    const beginning = await readBeginning(child.database, "centre");
    await parent.save(...aPatientWithNote("Kisumu", "p4"), organization);
    line.paths.length = 0;
    const whole = await synchronizer.pullOnce(live);
    await moveAll(child.database);

    expect(broken.status).toBe("interrupted");
    expect(beginning).toEqual({ records: 4, recordsTotal: 7, startedAt: expect.any(Number) });
    expect(line.paths).not.toContain("catchment");
    expect([...chunks.values()].toSorted()).toEqual([1, 1, 2]);
    expect(whole.status).toBe("complete");
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S115] begins with another snapshot when somebody of the first one left meanwhile, who is let go", async () => {
    await using two = await openLargeClinic(open);
    const { parent, child, line } = two;
    await parent.save(...["p1", "p2", "p3"].flatMap((id) => aPatientWithNote("Kisumu", id)));
    let isDown = true;
    const cut = cutting(line, ({ url }, count) =>
      isDown && url.pathname.includes("snapshots/chunks/") && count > 3 ? "before" : undefined,
    );
    await using synchronizer = synchronizerOf(child, cut, { snapshotAbovePatients: 2 });

    const broken = await synchronizer.pullOnce(live);
    const before = Object.keys(await child.bodies());
    isDown = false;
    await parent.save(aPatientIn("Mombasa", "p1"));
    const whole = await synchronizer.pullOnce(live);

    expect(broken.status).toBe("interrupted");
    expect(before).toEqual(["Patient/p1", "Patient/p2", "Patient/p3"]);
    expect(whole.status).toBe("complete");
    expect(Object.keys(await child.bodies())).toEqual([
      "Observation/note-p2",
      "Observation/note-p3",
      "Patient/p2",
      "Patient/p3",
    ]);
  });

  it("[S113] keeps a guest who comes into the catchment, whichever way the records come", async () => {
    await using two = await openLargeClinic(open);
    const { parent, child, synchronizer, round } = two;
    await round();
    await parent.save(...aPatientWithNote("Nairobi", "p1"));
    await synchronizer.fetchGuestOnce({ patient: "p1", purpose: "emergency", days: 1 }, "nurse", live);
    expect(await listGuests(child.database, 10)).toHaveLength(1);

    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();

    expect(await listGuests(child.database, 10)).toEqual([]);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S113] takes nobody for a guest who is in the catchment", async () => {
    await using two = await openLargeClinic(open);
    const { parent, child, synchronizer, round } = two;
    await parent.save(...aPatientWithNote("Kisumu", "p1"));
    await round();

    const fetching = synchronizer.fetchGuestOnce({ patient: "p1", purpose: "emergency", days: 1 }, "nurse", live);

    await expect(fetching).rejects.toMatchObject({ code: "REMOTE_REFUSED" });
    expect(await listGuests(child.database, 10)).toEqual([]);
  });

  it("[S115] reads a parent that makes no snapshots patient by patient", async () => {
    await using two = await openClinic(open, { snapshotAbovePatients: 2 });
    const { parent, child, round } = two;
    await parent.save(...["p1", "p2"].flatMap((id) => aPatientWithNote("Kisumu", id)));

    const { pulled } = await round();

    expect(pulled.status).toBe("complete");
    expect(await child.bodies()).toEqual(await parent.bodies());
  });
});
