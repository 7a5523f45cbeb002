import { hash } from "node:crypto";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { TributaryError } from "@tributary/kernel";
import type { SnapshotChunk, SnapshotStage } from "./snapshot-manifest.ts";

/** On the slowest lines of the field (30 kbit/s) two minutes; losing one costs no more than that. */
export const chunkBytesMax = 512 * 1024;
/** Aimed at, so that the next chunk, which compresses somewhat worse, still keeps the limit. */
const chunkBytesAim = 384 * 1024;
/** A chunk is one transaction at the child; larger ones would hold its other writers up for seconds. */
const rawBytesMost = 6 * 1024 * 1024;
/** The first chunk is filled as if text shrank to a quarter; the next ones go by what the last one came to. */
const firstRatio = 4;
/** What a single record of the largest size may come to, with room for its head. */
const unpackedBytesMax = 64 * 1024 * 1024;

const compressed = promisify(zstdCompress);
const unpacked = promisify(zstdDecompress);
/** Beyond level 9 it takes twice the time for a hundredth of the bytes; long matches find records that repeat. */
const effort = {
  [constants.ZSTD_c_compressionLevel]: 9,
  [constants.ZSTD_c_enableLongDistanceMatching]: 1,
};

/** What belongs to one patient in one stage, written: it is never torn unless it passes a chunk's limit by itself. */
export interface ChunkPart {
  /** `null` for a record of no patient. */
  readonly patient: string | null;
  readonly records: readonly Buffer[];
}

/** A chunk, its bytes, and the patients of whom it tells. */
export interface PackedChunk {
  readonly chunk: SnapshotChunk;
  readonly bytes: Uint8Array;
  readonly patients: readonly string[];
}

/** Gathers the parts of one stage into chunks that keep the limit when they are compressed. */
export class ChunkPacker {
  readonly #stage: SnapshotStage;
  #parts: ChunkPart[] = [];
  #rawBytes = 0;
  #ratio = firstRatio;

  constructor(stage: SnapshotStage) {
    this.#stage = stage;
  }

  /** Adds one patient's part; returns the chunks that have become full. */
  async add(part: ChunkPart): Promise<PackedChunk[]> {
    const bytes = sizeOf(part);
    const limit = Math.min(rawBytesMost, chunkBytesAim * this.#ratio);
    const full = this.#parts.length > 0 && this.#rawBytes + bytes > limit ? await this.finish() : [];
    this.#parts.push(part);
    this.#rawBytes += bytes;
    return full;
  }

  /** Returns what is left. */
  async finish(): Promise<PackedChunk[]> {
    const parts = this.#parts;
    this.#parts = [];
    this.#rawBytes = 0;
    return parts.length === 0 ? [] : this.#pack(parts);
  }

  async #pack(parts: readonly ChunkPart[]): Promise<PackedChunk[]> {
    const raw = Buffer.concat(parts.flatMap(({ records }) => records));
    const bytes = await compressed(raw, { params: effort });
    if (bytes.byteLength > chunkBytesMax) {
      const halves = halvesOf(parts);
      if (halves) return [...(await this.#pack(halves[0])), ...(await this.#pack(halves[1]))];
    }
    this.#ratio = raw.byteLength / bytes.byteLength;
    const patients = [...new Set(parts.map(({ patient }) => patient))].filter((patient) => patient !== null);
    const chunk = {
      stage: this.#stage,
      sha256: hash("sha256", bytes),
      bytes: bytes.byteLength,
      rawBytes: raw.byteLength,
      records: parts.reduce((sum, { records }) => sum + records.length, 0),
      patients: patients.length,
    };
    return [{ chunk, bytes, patients }];
  }
}

/** Unpacks a chunk whose bytes have the right hash, never beyond what its manifest says. */
export async function unpackChunk(bytes: Uint8Array, chunk: SnapshotChunk): Promise<Uint8Array> {
  try {
    const raw = await unpacked(bytes, { maxOutputLength: Math.min(Math.max(1, chunk.rawBytes), unpackedBytesMax) });
    if (raw.byteLength === chunk.rawBytes) return raw;
  } catch {
    // Told below: the manifest and the chunk do not belong together.
  }
  throw new TributaryError("REMOTE_NONSENSE", "A chunk of a snapshot cannot be unpacked.", { retryable: true });
}

/** Whole patients in each half; one patient's records are divided only when nothing else is left to divide. */
function halvesOf(parts: readonly ChunkPart[]): [ChunkPart[], ChunkPart[]] | undefined {
  if (parts.length > 1) {
    const middle = Math.ceil(parts.length / 2);
    return [parts.slice(0, middle), parts.slice(middle)];
  }
  const [only] = parts;
  if (!only || only.records.length < 2) return undefined;
  const middle = Math.ceil(only.records.length / 2);
  return [[{ ...only, records: only.records.slice(0, middle) }], [{ ...only, records: only.records.slice(middle) }]];
}

function sizeOf({ records }: ChunkPart): number {
  return records.reduce((sum, record) => sum + record.byteLength, 0);
}
