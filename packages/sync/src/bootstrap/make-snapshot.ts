import type { Database, Reader } from "@tributary/database";
import {
  type LivingRecord,
  listLivingByPatient,
  listLivingOfPatients,
  listLivingWithoutPatient,
} from "@tributary/fhir";
import type { Clock } from "@tributary/kernel";
import { readableAmong } from "../catchment/readable-among.ts";
import type { Visibility } from "../catchment/visibility.ts";
import { everyPage } from "../every-page.ts";
import { protocolVersion, schemaVersion } from "../line/protocol.ts";
import { readEnd } from "../stream/read-end.ts";
import type { NamedPlace } from "../stream/stream-place.ts";
import { writeChunkRecord } from "./chunk-text.ts";
import { ChunkPacker, type PackedChunk } from "./pack-chunks.ts";
import {
  type SnapshotChunk,
  type SnapshotManifest,
  type SnapshotStage,
  snapshotIdOf,
  snapshotStages,
} from "./snapshot-manifest.ts";
import type { SnapshotShelf } from "./snapshot-shelf.ts";
import { stagesOf } from "./snapshot-stage.ts";

/** Records read from the database at a time: a few milliseconds in which nothing else is answered. */
const pageRecords = 500;
/** Patients of a catchment whose records are read at a time. */
const pagePatients = 100;

export interface MakeSnapshotOptions {
  readonly database: Database;
  readonly shelf: SnapshotShelf;
  readonly visibility: Visibility;
  readonly clock: Clock;
  /** Told after each page how many records have been written. */
  readonly onProgress?: (records: number) => void;
}

/**
 * Writes all that one catchment holds at one moment into chunks on the shelf, and returns their manifest: records and
 * stream positions come from one read snapshot of the database, so that reading on from the markers misses nothing. It is
 * made once more when the shelf had to forget meanwhile of whom it tells.
 */
export async function makeSnapshot(options: MakeSnapshotOptions): Promise<SnapshotManifest> {
  const { database, shelf, visibility, clock, onProgress } = options;
  const madeAt = clock.now();
  using making = shelf.startMaking();
  const packers = new Map<SnapshotStage, ChunkPacker>(snapshotStages.map((stage) => [stage, new ChunkPacker(stage)]));
  const chunks: SnapshotChunk[] = [];
  let records = 0;

  async function keep(packed: readonly PackedChunk[]): Promise<void> {
    for (const { chunk, bytes, patients } of packed) {
      await making.putChunk(chunk.sha256, bytes, patients);
      chunks.push(chunk);
    }
  }

  const markers = await database.snapshot(async (reader) => {
    for await (const group of groupsOf(reader, visibility)) {
      const stages = stagesOf(group, madeAt);
      const byStage = Map.groupBy(group, (record) => stages.get(record)!);
      for (const [stage, some] of byStage) {
        const part = { patient: group[0]!.patient, records: some.map(writeRecord) };
        await keep(await packers.get(stage)!.add(part));
      }
      records += group.length;
      onProgress?.(records);
    }
    for (const packer of packers.values()) await keep(await packer.finish());
    return markersOf(reader, visibility);
  });

  const unnamed = {
    stream: visibility.mainStream,
    catchment: visibility.catchment ?? "",
    protocol: protocolVersion,
    schema: schemaVersion,
    madeAt,
    markers,
    chunks: chunks.sort((one, other) => snapshotStages.indexOf(one.stage) - snapshotStages.indexOf(other.stage)),
  };
  const manifest = { snapshotId: snapshotIdOf(unnamed), ...unnamed };
  return (await making.putManifest(manifest)) ? manifest : makeSnapshot(options);
}

/** The records of the catchment, patient by patient, and one by one those that belong to no patient. */
async function* groupsOf(reader: Reader, visibility: Visibility): AsyncGenerator<readonly LivingRecord[]> {
  const ofNobody = everyPage<LivingRecord>(pageRecords, (last) =>
    listLivingWithoutPatient(reader, last?.key, pageRecords),
  );
  for await (const page of ofNobody) {
    for (const record of await readableAmong(reader, visibility, page, ({ key }) => key)) yield [record];
  }
  let open: LivingRecord[] = [];
  for await (const page of pagesByPatient(reader, visibility)) {
    for (const record of await readableAmong(reader, visibility, page, ({ key }) => key)) {
      if (open.length > 0 && open[0]!.patient !== record.patient) {
        yield open;
        open = [];
      }
      open.push(record);
    }
  }
  if (open.length > 0) yield open;
}

async function* pagesByPatient(reader: Reader, visibility: Visibility): AsyncGenerator<readonly LivingRecord[]> {
  if (visibility.isEverything) {
    yield* everyPage<LivingRecord>(pageRecords, (last) =>
      listLivingByPatient(reader, last && { ...last.key, patient: last.patient ?? "" }, pageRecords),
    );
    return;
  }
  const patients = everyPage<string>(pagePatients, (last) => visibility.patients(reader, last, pagePatients));
  for await (const some of patients) yield await listLivingOfPatients(reader, some);
}

/** Where the streams of a child's records stand. */
export async function markersOf(reader: Reader, visibility: Visibility): Promise<NamedPlace[]> {
  const markers: NamedPlace[] = [];
  for (const stream of visibility.streams) markers.push({ stream, ...(await readEnd(reader, stream)) });
  return markers;
}

function writeRecord(record: LivingRecord): Buffer {
  return writeChunkRecord({
    ...record.key,
    version: record.version,
    body: record.body,
    bodyHash: record.bodyHash,
    originNode: record.originNode,
    originVersion: record.originVersion ?? record.version,
    originOperation: record.originOperation,
  });
}
