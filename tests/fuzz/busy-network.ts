import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, sql } from "@tributary/database";
import { openTestDatabase } from "@tributary/database/testing";
import { silentLogger, systemClock, systemRandom } from "@tributary/kernel";
import {
  type Exchange,
  listOpenConflicts,
  openSnapshotShelf,
  resolveConflict,
  SnapshotLibrary,
  type Synchronizer,
} from "@tributary/sync";
import {
  aNoteOn,
  aPatientIn,
  assign,
  endPasses,
  enrol,
  livingIn,
  moveAll,
  type NodeForTests,
  openNodeForTests,
  setCatchment,
  synchronizerOf,
} from "@tributary/sync/testing";

const live = new AbortController().signal;
const city = "Kisumu";

/** A parent and a clinic with a catchment, in one process, over a line that the test owns. */
export interface BusyNetwork extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
  readonly synchronizer: Synchronizer;
  /** What stands between the two from now on. */
  setLine(line: (honest: Exchange) => Exchange): void;
  /** Changes something of every kind at both ends, so that the next round has all kinds of things to say. */
  work(): Promise<void>;
  /** Everything that a child asks for in a round: a push, the trail, a pull, chosen records, a comparison. */
  round(): Promise<Awaited<ReturnType<Synchronizer["pullOnce"]>>>;
}

/** Opens a network whose child is enrolled. `snapshotAbove` says from how many entries on it begins from a snapshot. */
export async function openBusyNetwork(snapshotAbove = Number.POSITIVE_INFINITY): Promise<BusyNetwork> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-fuzz-"));
  const [above, below] = [await openTestDatabase("sqlite"), await openTestDatabase("sqlite")];
  const shelf = openSnapshotShelf(folder);
  const parent = await openNodeForTests(above, "centre", systemClock, (database: Database) => ({
    snapshots: new SnapshotLibrary({ database, shelf, clock: systemClock, logger: silentLogger }),
  }));
  const child = await openNodeForTests(below, "clinic-1");
  let line: Exchange = parent.answer;
  await setCatchment(parent, "kisumu", livingIn(city));
  await parent.save(aPatientIn(city, "shared"), { resourceType: "Organization", id: "o", name: "Ministry" });
  await enrol(child, parent, parent.answer, "kisumu");
  await assign(parent, child, "kisumu");
  const synchronizer = synchronizerOf(child, (request, signal) => line(request, signal), {
    memberships: child.memberships,
    snapshotAbove,
  });
  let works = 0;

  return {
    parent,
    child,
    synchronizer,
    setLine(between) {
      line = between(parent.answer);
    },
    async work() {
      works += 1;
      const day = `19${10 + (works % 80)}-01-01`;
      const { code: _, ...quantity } = aNoteOn("shared", `q${works}`);
      await parent.save(
        aPatientIn(city, "shared", { birthDate: day }),
        aPatientIn(city, `from-above-${works}`),
        aNoteOn(`from-above-${works}`, `note-above-${works}`),
        { ...quantity, code: { text: "weight" }, valueQuantity: { value: works, unit: "kg" } },
      );
      await parent.save(aPatientIn(works % 2 === 0 ? city : "Nairobi", "traveller"));
      await endPasses(parent);
      await child.save(
        aPatientIn(city, "shared", { birthDate: day.replace("-01-01", "-02-02") }),
        aPatientIn(city, `from-below-${works}`),
        aNoteOn(`from-below-${works}`, `note-below-${works}`),
      );
      const open = (await listOpenConflicts(child.database, 1))[0];
      if (open) {
        const { store, id: nodeId } = child;
        const options = { store, nodeId, clock: systemClock, random: systemRandom };
        const decision = {
          conflictId: open.conflictId,
          choice: { take: "child" },
          reason: "Asked.",
          author: "ada",
        } as const;
        await child.database.transaction((tx) => resolveConflict(tx, options, decision));
        await moveAll(child.database);
      }
    },
    async round() {
      await synchronizer.pushOnce(live);
      await moveAll(parent.database);
      await synchronizer.shareAuditOnce(live);
      const pulled = await synchronizer.pullOnce(live);
      await moveAll(child.database);
      await synchronizer.syncSelected(
        { selection: { kind: "patient", patient: "shared" }, directions: ["push", "pull"] },
        "ada",
        live,
      );
      await synchronizer.verifyOnce(live);
      await moveAll(parent.database);
      await moveAll(child.database);
      return pulled;
    },
    async [Symbol.asyncDispose]() {
      await synchronizer[Symbol.asyncDispose]();
      await above.close();
      await below.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const listTables = sql(
  "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
);
/** What a node notes of requests that it refuses, and of who has called. */
const notedOfCallers = /^(audit_|child_|refus|catchment_refusals|alerts)/;

/** Every row of what a node holds, so that "nothing is left behind" can be said of all of it. */
export async function contentOf(database: Database): Promise<string> {
  const parts: string[] = [];
  for (const { name } of await database.all<{ name: string }>(listTables)) {
    if (notedOfCallers.test(name)) continue;
    parts.push(`${name} ${JSON.stringify(await database.all(sql(`select * from "${name}"`)))}`);
  }
  return parts.join("\n");
}
