import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { SnapshotManifest } from "./snapshot-manifest.ts";
import { openSnapshotShelf } from "./snapshot-shelf.ts";

const folders: string[] = [];
const [first, second] = ["a".repeat(64), "b".repeat(64)];
const bytes = new Uint8Array(100_000);

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tributary-shelf-"));
  folders.push(folder);
  return folder;
}

function aManifest(stream: string, ...chunks: readonly string[]): SnapshotManifest {
  return {
    snapshotId: stream,
    stream,
    catchment: stream,
    protocol: 1,
    schema: 1,
    madeAt: 1,
    markers: [],
    chunks: chunks.map((sha256) => ({ stage: "care", sha256, bytes: 1, rawBytes: 1, records: 1, patients: 1 })),
  };
}

it("[S256] spares the chunks of a snapshot that is still being made, until nobody needs them", async () => {
  const shelf = openSnapshotShelf(aFolder());
  const slow = shelf.startMaking();
  await slow.putChunk(first, bytes, ["p"]);

  using quick = shelf.startMaking();
  await quick.putManifest(aManifest("north"));
  const spared = await shelf.readChunk(first);
  slow[Symbol.dispose]();
  await quick.putManifest(aManifest("south"));

  expect(spared).toEqual(Buffer.from(bytes));
  expect(await shelf.readChunk(first)).toBeUndefined();
});

it("[S256] keeps a chunk that several snapshots put at the same moment", async () => {
  const shelf = openSnapshotShelf(aFolder());
  using one = shelf.startMaking();
  using other = shelf.startMaking();

  await Promise.all([one, other].flatMap((making) => [first, second].map((name) => making.putChunk(name, bytes, []))));
  const kept = await Promise.all(
    [one, other].map((making, at) => making.putManifest(aManifest(`s${at}`, first, second))),
  );

  expect(kept).toEqual([true, true]);
  expect(await shelf.readChunk(first)).toEqual(Buffer.from(bytes));
});

it("[S117] [S256] keeps nothing of a patient who is purged while a snapshot is made", async () => {
  const folder = aFolder();
  const shelf = openSnapshotShelf(folder);
  using making = shelf.startMaking();
  await making.putChunk(first, bytes, ["p", "q"]);

  await shelf.forgetPatients(["p"]);
  await making.putChunk(second, bytes, ["p"]);
  const isKept = await making.putManifest(aManifest("north", first, second));

  expect(isKept).toBe(false);
  expect(await readdir(folder)).toEqual([]);
});
