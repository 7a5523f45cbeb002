import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLatestAudit } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { seededRandom, silentLogger, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  counting,
  enrol,
  livingIn,
  moveAll,
  type NodeForTests,
  openNodeForTests,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";
import { SnapshotLibrary } from "../bootstrap/snapshot-library.ts";
import { openSnapshotShelf } from "../bootstrap/snapshot-shelf.ts";
import { keysWithChild } from "../enrolment/carry-keys.ts";
import { exportSnapshot } from "./export-snapshot.ts";

const live = new AbortController().signal;
const noise = seededRandom(5);
const noiseOf = (bytes: number) => Buffer.from(noise.bytes(bytes)).toString("base64");

interface Journey extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
  readonly file: string;
  write(child?: NodeForTests): ReturnType<typeof exportSnapshot>;
  /** Takes a file in at a child that has no line. */
  read(file?: string, child?: NodeForTests, signal?: AbortSignal, onChunk?: () => void): Promise<unknown>;
  /** One round over a line. */
  round(): Promise<string[]>;
}

const noLine = () => {
  throw new Error("There is no line.");
};

async function openJourney(open: () => Promise<Database>): Promise<Journey> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-stick-"));
  const file = join(folder, "clinic.tributary");
  const snapshots = (database: Database) =>
    new SnapshotLibrary({
      database,
      shelf: openSnapshotShelf(join(folder, "shelf")),
      clock: systemClock,
      logger: silentLogger,
    });
  const parent = await openNodeForTests(await open(), "centre", systemClock, (database) => ({
    snapshots: snapshots(database),
  }));
  const child = await openNodeForTests(await open(), "clinic");
  const { database, id: nodeId, clock } = parent;
  return {
    parent,
    child,
    file,
    write: (to = child) =>
      exportSnapshot({
        database,
        nodeId,
        clock,
        snapshots: snapshots(database),
        child: to.id,
        file,
        author: "operator",
      }),
    async read(from = file, at = child, signal = live, onChunk = () => {}) {
      await using synchronizer = synchronizerOf(at, noLine, {
        memberships: at.memberships,
        onSnapshotProgress: onChunk,
      });
      return synchronizer.importSnapshot(from, "nurse", signal).finally(() => moveAll(at.database));
    },
    async round() {
      const line = counting(parent.answer);
      await using synchronizer = synchronizerOf(child, line, { memberships: child.memberships });
      expect((await synchronizer.pushOnce(live)).status).toBe("complete");
      await moveAll(parent.database);
      expect((await synchronizer.pullOnce(live)).status).toBe("complete");
      await moveAll(child.database);
      return line.paths;
    },
    async [Symbol.asyncDispose]() {
      await child.database.close();
      await parent.database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describeOnEachDatabase("a snapshot that is carried", (open) => {
  it("[S160] brings a new child to what its parent holds, and the line goes on from there", async () => {
    await using journey = await openJourney(open);
    const { parent, child, write, read, round } = journey;
    await enrol(child, parent);
    await parent.save(aPatient("a"), aPatient("b", { active: true }), { resourceType: "Organization", id: "o" });

    const written = await write();
    const taken = await read();
    const same = await child.bodies();
    await parent.save(aPatient("later"));
    const asked = await round();

    expect(written).toMatchObject({ child: "clinic", records: 3 });
    expect(taken).toMatchObject({ parent: "centre", records: 3, snapshotId: written.snapshotId });
    expect(Object.keys(same)).toEqual(["Organization/o", "Patient/a", "Patient/b"]);
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect(asked.filter((path) => path.startsWith("streams/"))).toHaveLength(1);
    for (const [node, outcome] of [
      [parent, "snapshot-exported"],
      [child, "snapshot-imported"],
    ] as const) {
      const entries = await readLatestAudit(node.database, 20);
      expect(entries.filter((entry) => entry.outcome === outcome)).toMatchObject([
        { operation: "manual", operationId: written.snapshotId },
      ]);
    }
  });

  it("[S160] tells of the child's catchment only, and lets those leave who left it meanwhile", async () => {
    await using journey = await openJourney(open);
    const { parent, child, write, read } = journey;
    await setCatchment(parent, "kisumu", livingIn("Kisumu"));
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Kisumu", "p2"), aNoteOn("p2", "o2"));
    await enrol(child, parent, parent.answer, "kisumu");
    await write();
    await read();
    const first = Object.keys(await child.bodies());
    await parent.save(aPatientIn("Mombasa", "p1"), aPatientIn("Kisumu", "p3"), aPatientIn("Nairobi", "secret"));
    await write();

    await read();

    expect(first).toEqual(["Observation/o2", "Patient/p1", "Patient/p2"]);
    expect(Object.keys(await child.bodies())).toEqual(["Observation/o2", "Patient/p2", "Patient/p3"]);
  });

  it("[S161] refuses a file that was altered anywhere, cut, mixed, or is for or from another, and changes nothing", async () => {
    await using journey = await openJourney(open);
    const { parent, child, file, write, read } = journey;
    await enrol(child, parent);
    const other = { ...child, id: "other" } as NodeForTests;
    await parent.save(aPatient("a", { name: [{ text: noiseOf(3_000) }] }));
    await write();
    const whole = await readFile(file);
    await parent.save(aPatient("b"));
    await write();
    const another = await readFile(file);
    const altered = (at: number) => whole.with(at, whole[at]! ^ 1);
    const bad: [string, Uint8Array][] = [
      ["empty", new Uint8Array()],
      ["cut", whole.subarray(0, whole.byteLength - 1)],
      ["cut early", whole.subarray(0, 400)],
      ["longer", Buffer.concat([whole, Buffer.from("x")])],
      ["mixed", Buffer.concat([whole.subarray(0, 700), another.subarray(700)])],
      ...Array.from({ length: 12 }, (_, n): [string, Uint8Array] => {
        const at = Math.floor((whole.byteLength - 1) * (n / 11));
        return [`altered at ${at}`, altered(at)];
      }),
    ];

    for (const [name, bytes] of bad) {
      await writeFile(file, bytes);
      await expect(read(), name).rejects.toMatchObject({ code: "CARRIED_FILE_REFUSED" });
    }
    await writeFile(file, whole);
    await expect(read(file, other)).rejects.toThrow(/it is for clinic, and this is other/);
    await expect(read(`${file}.none`)).rejects.toMatchObject({ code: "FILE_UNAVAILABLE" });

    expect(await child.bodies()).toEqual({});
    await read();
    expect(Object.keys(await child.bodies())).toEqual(["Patient/a"]);
  });

  it("[S161] refuses what another node has signed in the parent's name", async () => {
    await using journey = await openJourney(open);
    await using forged = await openJourney(open);
    const { parent, child, read } = journey;
    await enrol(child, parent);
    const { seal } = await keysWithChild(parent.database, child.id);
    await enrol({ ...forged.child, id: child.id }, forged.parent, (request, signal) =>
      forged.parent.answer(
        { ...request, body: JSON.stringify({ ...JSON.parse(request.body ?? ""), sealingKey: seal }) },
        signal,
      ),
    );
    await forged.parent.save(aPatient("false"));
    await forged.write(child);

    await expect(read(forged.file)).rejects.toThrow(/its signature is not that of its sender/);

    expect(await child.bodies()).toEqual({});
  });

  it("[S162] goes on where it was broken off, and refuses what is older than what is here", async () => {
    await using journey = await openJourney(open);
    const { parent, child, file, write, read, round } = journey;
    await enrol(child, parent);
    for (const at of [1, 2, 3]) {
      await parent.save(
        ...Array.from({ length: 3 }, (_, n) => aPatient(`p${at}-${n}`, { name: [{ text: noiseOf(200_000) }] })),
      );
    }
    const { chunks } = await write();
    const old = await readFile(file);
    const stop = new AbortController();
    await expect(read(file, child, stop.signal, () => stop.abort())).rejects.toThrow();
    const some = Object.keys(await child.bodies()).length;
    let left = 0;

    await read(file, child, live, () => {
      left += 1;
    });

    expect(chunks).toBeGreaterThan(2);
    expect(some).toBeGreaterThan(0);
    expect(left).toBe(chunks - 1);
    expect(await child.bodies()).toEqual(await parent.bodies());
    await parent.save(aPatient("later"));
    await round();
    await writeFile(file, old);
    await expect(read()).rejects.toThrow(/this node holds all that is in it, or more/);
    expect(await readdir(join(file, ".."))).not.toContain("clinic.tributary.part");
  });

  it("[S163] exchanges keys at enrolment, or once with a node that enrolled before there were any", async () => {
    await using journey = await openJourney(open);
    const { parent, child, write, read, round } = journey;
    await enrol(child, parent, async (request, signal) => {
      const { sealingKey: _, ...old } = JSON.parse(request.body ?? "{}") as Record<string, unknown>;
      const answer = await parent.answer({ ...request, body: JSON.stringify(old) }, signal);
      const { keys: __, ...told } = JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>;
      return { ...answer, body: Buffer.from(JSON.stringify(told)) };
    });
    await parent.save(aPatient("a"));
    await expect(write()).rejects.toMatchObject({ code: "CARRIED_KEYS_MISSING" });

    const first = await round();
    const second = await round();
    await parent.save(aPatient("b"));
    await write();
    await read();

    expect(first.filter((path) => path === "keys")).toHaveLength(1);
    expect(second).not.toContain("keys");
    expect(await child.bodies()).toEqual(await parent.bodies());
  });
});
