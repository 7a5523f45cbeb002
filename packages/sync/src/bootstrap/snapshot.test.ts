import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAuditOfRecord } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { seededRandom, silentLogger, systemClock, TributaryError } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  counting,
  cutting,
  cuttingEvery,
  enrol,
  falsifying,
  moveAll,
  type NodeForTests,
  openNodeForTests,
  synchronizerOf,
} from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import { everythingStream } from "../line/protocol.ts";
import { readLinkBases } from "../pull/link-base.ts";
import { readStreamMarker } from "../pull/stream-marker.ts";
import type { SynchronizerOptions } from "../synchronizer-options.ts";
import type { SnapshotProgress } from "./begin-from-snapshot.ts";
import { chunkBytesMax, unpackChunk } from "./pack-chunks.ts";
import { SnapshotLibrary } from "./snapshot-library.ts";
import { parseSnapshotManifest, type SnapshotManifest } from "./snapshot-manifest.ts";
import { openSnapshotShelf } from "./snapshot-shelf.ts";

const live = new AbortController().signal;
/** Text that does not shrink, so that few records fill a chunk. */
const noise = seededRandom(5);
const noiseOf = (bytes: number) => Buffer.from(noise.bytes(bytes)).toString("base64");
const patients = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ ...aPatient(`p${from + n}`, { active: true }), id: `p${from + n}` }));
const note = (id: string, patient: string, bytes: number, day = "2020-01-01") => ({
  resourceType: "Observation",
  id,
  status: "final",
  code: { text: noiseOf(bytes) },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: day,
});

interface Setting extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
  readonly folder: string;
  manifest(): Promise<SnapshotManifest>;
  /** One pull of the child, which begins from a snapshot whenever there is anything to read. */
  pull(line?: Exchange, more?: Partial<SynchronizerOptions>): ReturnType<ReturnType<typeof synchronizerOf>["pullOnce"]>;
}

async function openSetting(open: () => Promise<Database>): Promise<Setting> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-shelf-"));
  const [parentDatabase, childDatabase] = [await open(), await open()];
  const shelf = openSnapshotShelf(folder);
  const parent = await openNodeForTests(parentDatabase, "centre", systemClock, (database) => ({
    snapshots: new SnapshotLibrary({ database, shelf, clock: systemClock, logger: silentLogger }),
  }));
  const child = await openNodeForTests(childDatabase, "clinic");
  await enrol(child, parent);
  return {
    parent,
    child,
    folder,
    async manifest() {
      const name = (await readdir(folder)).find((file) => file.endsWith(".manifest.json"))!;
      return parseSnapshotManifest(JSON.parse(await readFile(join(folder, name), "utf8")));
    },
    async pull(line = parent.answer, more = {}) {
      await using synchronizer = synchronizerOf(child, line, { snapshotAbove: 1, ...more });
      const report = await synchronizer.pullOnce(live);
      await moveAll(child.database);
      return report;
    },
    async [Symbol.asyncDispose]() {
      await parentDatabase.close();
      await childDatabase.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describeOnEachDatabase("a snapshot", (open) => {
  it("[S130] brings a new child to what its parent holds, and the stream goes on from there", async () => {
    await using setting = await openSetting(open);
    const { parent, child, pull } = setting;
    await parent.save(...patients(5), { resourceType: "Organization", id: "o", name: "Clinic" });
    await parent.remove("Patient", "p4");
    const line = counting(parent.answer);

    const report = await pull(line);
    await parent.save(aPatient("later"));
    const next = await pull(parent.answer, { snapshotAbove: 1_000 });

    expect(report).toMatchObject({ status: "complete", applied: 5 });
    expect(line.paths.filter((path) => path.startsWith("snapshots/")).length).toBeGreaterThan(1);
    expect(line.paths).not.toContain("read");
    expect(next).toMatchObject({ status: "complete", applied: 1 });
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S130] carries bodies to the byte, versions and where a record was made", async () => {
    await using setting = await openSetting(open);
    const { parent, child, pull } = setting;
    await parent.save(aPatient("a", { active: false }));
    await parent.save(aPatient("a", { active: true }));

    await pull();

    const key = { type: "Patient", id: "a" };
    const there = await parent.store.read(parent.database, key);
    expect(await child.store.read(child.database, key)).toMatchObject({
      body: there?.body,
      bodyHash: there?.bodyHash,
      originNode: "centre",
      originVersion: 2,
    });
    expect((await readLinkBases(child.database, "centre", [key])).get("Patient/a")).toMatchObject({
      localVersion: 1,
      remoteVersion: 2,
    });
    expect(await readAuditOfRecord(child.database, "Patient/a", 5)).toMatchObject([{ operation: "pull" }]);
  });

  it("[S131] keeps chunks within their limit, a patient whole in each stage, and names them by what they hold", async () => {
    await using setting = await openSetting(open);
    const { parent, pull, folder } = setting;
    const few = patients(9);
    const notes = few.flatMap(({ id }) => [note(`${id}-1`, id, 60_000), note(`${id}-2`, id, 60_000)]);
    await parent.save(...few, ...notes);

    await pull();

    const { chunks } = await setting.manifest();
    expect(chunks.length).toBeGreaterThan(3);
    const seen = new Set<string>();
    for (const chunk of chunks) {
      const bytes = await readFile(join(folder, `${chunk.sha256}.zst`));
      expect(bytes.byteLength).toBeLessThanOrEqual(chunkBytesMax);
      expect(hash("sha256", bytes)).toBe(chunk.sha256);
      const told = Buffer.from(await unpackChunk(bytes, chunk)).toString("utf8");
      for (const [, patient] of told.matchAll(/"reference":"Patient\/(p\d)"/g)) {
        const here = `${chunk.sha256} ${patient}`;
        if (!seen.has(here)) expect([...seen].filter((one) => one.endsWith(` ${patient}`))).toEqual([]);
        seen.add(here);
      }
    }
  });

  it("[S132] comes in stages, so that a clinic can work before its end", async () => {
    await using setting = await openSetting(open);
    const { parent, child, pull } = setting;
    const today = new Date(systemClock.now()).toISOString().slice(0, 10);
    await parent.save(
      aPatient("a"),
      { resourceType: "Organization", id: "o", name: "Clinic" },
      { resourceType: "Condition", id: "c", subject: { reference: "Patient/a" }, recordedDate: "1999-01-01" },
      note("new", "a", 10, today),
      note("old", "a", 10, "2001-02-03"),
    );
    const stages: string[] = [];
    const held: string[][] = [];

    const report = await pull(parent.answer, {
      onSnapshotProgress: ({ stage }: SnapshotProgress) => stages.push(stage),
      onProgress: ({ tally }) => held.push([String(tally.applied)]),
    });

    expect(report.status).toBe("complete");
    expect(stages).toEqual(["metadata", "care", "recent", "older"]);
    expect(held.slice(0, 4).flat()).toEqual(["1", "3", "4", "5"]);
    expect(Object.keys(await child.bodies())).toHaveLength(5);
  });

  it("[S133] is gone on with after a cut anywhere, without asking again for what came", async () => {
    await using clean = await openSetting(open);
    await using cut = await openSetting(open);
    const some = patients(4);
    const all = [...some, ...some.map(({ id }) => note(`${id}-n`, id, 90_000))];
    await clean.parent.save(...all);
    await cut.parent.save(...all);
    const measured = cuttingEvery(clean.parent.answer, Number.MAX_SAFE_INTEGER);
    const bad = cuttingEvery(cut.parent.answer, 30_000);

    await clean.pull(measured);
    let rounds = 0;
    for (let status = ""; status !== "complete"; rounds++) status = (await cut.pull(bad)).status;

    expect(rounds).toBeLessThan(10);
    expect(bad.bytes / measured.bytes).toBeLessThan(1.3);
    expect(await cut.child.bodies()).toEqual(await cut.parent.bodies());
  });

  it("[S133] takes a chunk that came whole before the line broke off behind its last byte", async () => {
    await using setting = await openSetting(open);
    const { parent, child, pull } = setting;
    await parent.save(...patients(3), { ...note("big", "p0", 10), note: [{ text: noiseOf(4_000) }] });
    let chunks = 0;
    const late: Exchange = async (request, signal) => {
      const answer = await parent.answer(request, signal);
      if (request.url.pathname.includes("/chunks/") && answer.body.byteLength > 2_000) {
        chunks += 1;
        throw new TributaryError("REMOTE_UNAVAILABLE", "The line broke off.", { retryable: true });
      }
      return answer;
    };

    const report = await pull(late);

    expect(report.status).toBe("complete");
    expect(chunks).toBe(1);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S133] loses a chunk at most when it is broken off, and applies nothing twice", async () => {
    await using setting = await openSetting(open);
    const { parent, child, pull } = setting;
    const some = patients(8);
    await parent.save(...some, ...some.map(({ id }) => note(`${id}-n`, id, 150_000)));
    const asked: string[] = [];
    const line: Exchange = (request, signal) => {
      if (request.url.pathname.includes("/chunks/")) asked.push(request.url.pathname);
      return parent.answer(request, signal);
    };

    let count = 0;
    const dying = cutting(line, ({ url }) =>
      url.pathname.includes("/chunks/") && ++count % 2 === 0 ? "before" : undefined,
    );
    for (let status = ""; status !== "complete"; ) status = (await pull(dying)).status;

    const { chunks } = await setting.manifest();
    expect(asked).toHaveLength(chunks.length);
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect((await child.store.read(child.database, { type: "Patient", id: "p0" }))?.version).toBe(1);
  });

  it("[S134] refuses a chunk that was damaged, and takes nothing of it in", async () => {
    await using setting = await openSetting(open);
    const { parent, child, pull } = setting;
    await parent.save(...patients(3));
    const bad = falsifying(parent.answer, (body, { url }) => {
      if (!url.pathname.includes("/chunks/")) return undefined;
      body[body.length - 1] = body.at(-1)! ^ 1;
      return { body };
    });
    const silent: Exchange = (request, signal) => {
      const { onPart: _, ...quiet } = request;
      return bad(quiet, signal);
    };

    const report = await pull(silent);

    expect(report).toMatchObject({ status: "interrupted", error: { code: "REMOTE_NONSENSE" } });
    expect(await child.bodies()).toEqual({});
    expect(await readStreamMarker(child.database, "centre", everythingStream)).toBeUndefined();
  });

  it("[S135] leaves an edit that has not reached the parent alone, and only notes what is here already", async () => {
    await using setting = await openSetting(open);
    const { parent, child, pull } = setting;
    await parent.save(...patients(3));
    await pull();
    await child.save(aPatient("p1", { active: false }), aPatient("mine"));
    await parent.save(aPatient("p0", { gender: "other" }), aPatient("p1", { gender: "other" }));

    const report = await pull();

    expect(report).toMatchObject({ applied: 1, waiting: 1 });
    expect(await child.bodies()).toMatchObject({
      "Patient/p1": expect.stringContaining('"active":false'),
      "Patient/mine": expect.anything(),
      "Patient/p0": expect.stringContaining("other"),
    });
    expect((await child.store.read(child.database, { type: "Patient", id: "p2" }))?.version).toBe(1);
  });

  it("[S136] takes away what the parent deleted while the child was away, but for an own edit of it", async () => {
    await using setting = await openSetting(open);
    const { parent, child, pull } = setting;
    await parent.save(...patients(4));
    await pull();
    await parent.remove("Patient", "p0");
    await parent.remove("Patient", "p1");
    await child.save(aPatient("p1", { active: false }), aPatient("new"));

    await pull(parent.answer, { snapshotAbove: 1 });

    expect(Object.keys(await child.bodies())).toEqual(["Patient/new", "Patient/p1", "Patient/p2", "Patient/p3"]);
  });

  it("[S137] is made once for all children of a catchment as long as it is fresh", async () => {
    await using setting = await openSetting(open);
    const { parent, child, pull, folder } = setting;
    await parent.save(...patients(3));
    await pull();
    const before = (await readdir(folder)).sort();
    await using database = await open();
    const sister = await openNodeForTests(database, "sister");
    await enrol(sister, parent);
    await parent.save(aPatient("later"));

    await using synchronizer = synchronizerOf(sister, parent.answer, { snapshotAbove: 1 });
    await synchronizer.pullOnce(live);

    expect((await readdir(folder)).sort()).toEqual(before);
    expect(await sister.bodies()).toEqual(await parent.bodies());
    expect(await child.bodies()).not.toEqual(await parent.bodies());
  });

  it("[S137] is asked for anew when the parent has let go of it", async () => {
    await using setting = await openSetting(open);
    const { parent, child, pull, folder } = setting;
    const some = patients(8);
    await parent.save(...some, ...some.map(({ id }) => note(`${id}-n`, id, 150_000)));
    let count = 0;
    await pull(
      cutting(parent.answer, ({ url }) => (url.pathname.includes("/chunks/") && ++count > 1 ? "before" : undefined)),
    );
    for (const name of await readdir(folder)) rmSync(join(folder, name));

    const report = await pull();

    expect(report.status).toBe("complete");
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S256] is made anew where one of its chunks was lost", async () => {
    await using setting = await openSetting(open);
    const { parent, pull, folder } = setting;
    await parent.save(...patients(3));
    await pull();
    const before = (await readdir(folder)).filter((name) => name.endsWith(".zst"));
    rmSync(join(folder, before[0]!));
    await using database = await open();
    const sister = await openNodeForTests(database, "sister");
    await enrol(sister, parent);
    const line = counting(parent.answer);

    await using synchronizer = synchronizerOf(sister, line, { snapshotAbove: 1 });
    await synchronizer.pullOnce(live);

    expect(line.paths.filter((path) => path.startsWith("snapshots/chunks/"))).toHaveLength(before.length);
    expect(line.paths).not.toContain("read");
    expect(await sister.bodies()).toEqual(await parent.bodies());
  });

  it("[S138] is given to enrolled children only, and a chunk's name opens nothing to another catchment", async () => {
    await using setting = await openSetting(open);
    const { parent, pull, folder } = setting;
    await parent.save(...patients(2));
    await pull();
    const { chunks } = await setting.manifest();
    await writeFile(join(folder, `${"0".repeat(64)}.zst`), "another catchment's");

    const ask = (sha256: string, headers = {}) =>
      parent.answer(
        { method: "GET", url: new URL(`http://parent.test/sync/v1/snapshots/chunks/${sha256}`), headers },
        live,
      );
    const foreign: number[] = [];
    await pull(async (request, signal) => {
      const url = new URL(`snapshots/chunks/${"0".repeat(64)}`, "http://parent.test/sync/v1/");
      foreign.push((await parent.answer({ ...request, method: "GET", url }, signal)).status);
      return parent.answer(request, signal);
    });

    expect((await ask(chunks[0]!.sha256)).status).toBe(401);
    expect(new Set(foreign)).toEqual(new Set([204]));
  });

  it("[S139] is not worth its while when there is little to read", async () => {
    await using setting = await openSetting(open);
    const { parent, child, pull } = setting;
    await parent.save(...patients(3));
    const line = counting(parent.answer);

    await pull(line, { snapshotAbove: 4 });

    expect(line.paths.some((path) => path.startsWith("snapshots"))).toBe(false);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S139] is done without at a parent that makes none", async () => {
    await using setting = await openSetting(open);
    await using database = await open();
    const plain = await openNodeForTests(database, "plain");
    await plain.save(...patients(3));
    await enrol(setting.child, plain);

    const report = await setting.pull(plain.answer);

    expect(report.status).toBe("complete");
    expect(await setting.child.bodies()).toEqual(await plain.bodies());
  });
});
