import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseSnapshotManifest, type SnapshotManifest } from "./snapshot-manifest.ts";

/** Kept of each stream: the newest, and the one before, which a child may still be half way through. */
const manifestsPerStream = 2;
/** Disk that all snapshots together may take; beyond it the oldest go, whoever still reads them. */
const shelfBytesMax = 8 * 1024 * 1024 * 1024;

/** Where a parent keeps the chunks of its snapshots: a folder of files that are named by what they hold. */
export interface SnapshotShelf {
  /** Begins a snapshot. What it puts is spared by the others, whichever end meanwhile. */
  startMaking(): SnapshotMaking;
  /** Tells whether all chunks of a snapshot are there. */
  hasChunks(manifest: SnapshotManifest): Promise<boolean>;
  /** A chunk's bytes, or `undefined` when it is not kept any more. */
  readChunk(sha256: string): Promise<Uint8Array | undefined>;
  /** The ids of the patients of whom a chunk tells. */
  readPatients(sha256: string): Promise<readonly string[] | undefined>;
  /** Lets go of every chunk that tells of some patients, and of every snapshot that has one of these chunks. */
  forgetPatients(patients: readonly string[]): Promise<void>;
  /** The snapshots of a stream, newest first. */
  manifests(stream: string): Promise<readonly SnapshotManifest[]>;
}

/** One snapshot while it is made; to dispose of it is to be done with it, well or not. */
export interface SnapshotMaking extends Disposable {
  /**
   * Keeps a chunk and the patients of whom it tells; one that is there already is left alone, and one that tells of
   * somebody whom the shelf has forgotten since the beginning is not kept.
   */
  putChunk(sha256: string, bytes: Uint8Array, patients: readonly string[]): Promise<void>;
  /**
   * Makes it the newest of its stream, and lets go of those that are not needed any more. `false`, and nothing is kept, when
   * chunks are missing, since somebody of whom they tell was forgotten meanwhile.
   */
  putManifest(manifest: SnapshotManifest): Promise<boolean>;
}

/** Opens the shelf in a folder, which is made when the first chunk comes. */
export function openSnapshotShelf(folder: string): SnapshotShelf {
  const chunkFile = (sha256: string) => join(folder, `${sha256}.zst`);
  const patientsFile = (sha256: string) => join(folder, `${sha256}.patients.json`);
  /** The patients who were forgotten since each of the snapshots was begun that are being made. */
  const makings = new Set<Set<string>>();

  async function allManifests(): Promise<{ readonly name: string; readonly manifest: SnapshotManifest }[]> {
    const names = (await filesIn(folder)).filter((name) => name.endsWith(".manifest.json"));
    const read = await Promise.all(
      names.map(async (name) => ({ name, manifest: await readJson(join(folder, name), parseSnapshotManifest) })),
    );
    return read
      .flatMap(({ name, manifest }) => (manifest ? [{ name, manifest }] : []))
      .sort((one, other) => other.manifest.madeAt - one.manifest.madeAt);
  }

  async function hasChunks({ chunks }: SnapshotManifest): Promise<boolean> {
    for (const { sha256 } of chunks) if (!(await exists(chunkFile(sha256)))) return false;
    return true;
  }

  async function dropChunk(sha256: string): Promise<void> {
    await rm(chunkFile(sha256), { force: true });
    await rm(patientsFile(sha256), { force: true });
  }

  async function tidy(): Promise<void> {
    const all = await allManifests();
    const kept = within(shelfBytesMax, newestOfEach(all));
    const chunks = new Set(kept.flatMap(({ manifest }) => manifest.chunks.map(({ sha256 }) => sha256)));
    const manifests = new Set(kept.map(({ name }) => name));
    for (const name of await filesIn(folder)) {
      // What another one has put belongs to no manifest yet; the next tidying finds what is not needed.
      if (makings.size > 1) return;
      if (!/\.(?:zst|json|part)$/.test(name)) continue;
      const sha256 = /^([0-9a-f]{64})\.(?:zst|patients\.json)$/.exec(name)?.[1];
      const isKept = sha256 === undefined ? manifests.has(name) : chunks.has(sha256);
      if (!isKept) await rm(join(folder, name), { force: true });
    }
  }

  return {
    startMaking() {
      const forgotten = new Set<string>();
      const tellsOfForgotten = (patients: readonly string[]) => patients.some((patient) => forgotten.has(patient));
      makings.add(forgotten);
      return {
        async putChunk(sha256, bytes, patients) {
          if (tellsOfForgotten(patients)) return;
          await mkdir(folder, { recursive: true });
          if (await exists(chunkFile(sha256))) return;
          await put(patientsFile(sha256), JSON.stringify(patients));
          await put(chunkFile(sha256), bytes);
          if (tellsOfForgotten(patients)) await dropChunk(sha256);
        },
        async putManifest(manifest) {
          if (!(await hasChunks(manifest))) return false;
          await mkdir(folder, { recursive: true });
          const name = `${encodeURIComponent(manifest.stream)}.${manifest.snapshotId}.manifest.json`;
          await put(join(folder, name), JSON.stringify(manifest));
          await tidy();
          return true;
        },
        [Symbol.dispose]: () => void makings.delete(forgotten),
      };
    },
    hasChunks,
    readChunk: (sha256) => readIfThere(chunkFile(sha256)),
    readPatients: (sha256) => readJson(patientsFile(sha256), (value) => value as readonly string[]),
    async forgetPatients(patients) {
      for (const making of makings) for (const patient of patients) making.add(patient);
      const forgotten = new Set(patients);
      const gone = new Set<string>();
      for (const name of await filesIn(folder)) {
        const sha256 = /^([0-9a-f]{64})\.patients\.json$/.exec(name)?.[1];
        if (sha256 === undefined) continue;
        const told = await readJson(join(folder, name), (value) => value as readonly string[]);
        if (told === undefined || told.some((patient) => forgotten.has(patient))) gone.add(sha256);
      }
      if (gone.size === 0) return;
      for (const { name, manifest } of await allManifests()) {
        if (manifest.chunks.some(({ sha256 }) => gone.has(sha256))) await rm(join(folder, name), { force: true });
      }
      for (const sha256 of gone) await dropChunk(sha256);
    },
    async manifests(stream) {
      return (await allManifests()).map(({ manifest }) => manifest).filter((one) => one.stream === stream);
    },
  };
}

interface KeptManifest {
  readonly name: string;
  readonly manifest: SnapshotManifest;
}

function newestOfEach(newestFirst: readonly KeptManifest[]): KeptManifest[] {
  const counts = new Map<string, number>();
  return newestFirst.filter(({ manifest: { stream } }) => {
    const count = (counts.get(stream) ?? 0) + 1;
    counts.set(stream, count);
    return count <= manifestsPerStream;
  });
}

/** The newest one is kept however large it is. */
function within(bytesMax: number, newestFirst: readonly KeptManifest[]): KeptManifest[] {
  let bytes = 0;
  return newestFirst.filter(({ manifest }, at) => {
    bytes += manifest.chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
    return at === 0 || bytes <= bytesMax;
  });
}

let filesPut = 0;

/**
 * Whole or not at all: a node that is killed leaves no half a file under a name that promises its content, nor do two who put
 * the same one at once.
 */
async function put(file: string, content: string | Uint8Array): Promise<void> {
  filesPut += 1;
  const unfinished = `${file}.${process.pid}-${filesPut}.part`;
  await writeFile(unfinished, content, { flush: true });
  await rename(unfinished, file);
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

async function readJson<Value>(file: string, parse: (value: unknown) => Value): Promise<Value | undefined> {
  const bytes = await readIfThere(file);
  if (!bytes) return undefined;
  try {
    return parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch {
    // A file that cannot be read belongs to no snapshot; the next tidying takes it away.
    return undefined;
  }
}
