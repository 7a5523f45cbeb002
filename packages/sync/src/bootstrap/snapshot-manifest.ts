import { hash } from "node:crypto";
import { TributaryError } from "@tributary/kernel";
import { isKeptText } from "../stream/stream-page.ts";
import type { NamedPlace } from "../stream/stream-place.ts";

/**
 * The stages of a snapshot in the order in which a child takes them in: what belongs to no patient; patients with their
 * allergies, problems and current medication, after which a clinic can work; the last twelve months; all before.
 */
export const snapshotStages = ["metadata", "care", "recent", "older"] as const;
export type SnapshotStage = (typeof snapshotStages)[number];

/** Chunks that one snapshot may have: at 400 KB some forty gigabytes. */
const chunksMax = 100_000;

/** One piece of a snapshot: it is named by what it holds, and so it never changes. */
export interface SnapshotChunk {
  readonly stage: SnapshotStage;
  /** SHA-256, in hex, of the bytes that travel. */
  readonly sha256: string;
  /** The bytes that travel, and what they come to when they are unpacked. */
  readonly bytes: number;
  readonly rawBytes: number;
  readonly records: number;
  readonly patients: number;
}

/** A catchment's records at one moment, in chunks, and the places in the streams that belong to that moment. */
export interface SnapshotManifest {
  readonly snapshotId: string;
  /** The main stream of the children that it is for. */
  readonly stream: string;
  readonly catchment: string;
  /** Versions of the protocol and of the form of the records. */
  readonly protocol: number;
  readonly schema: number;
  /** Milliseconds since 1970, by the parent's clock. */
  readonly madeAt: number;
  /** Where the streams ended at that moment; a child reads on from there. */
  readonly markers: readonly NamedPlace[];
  readonly chunks: readonly SnapshotChunk[];
}

/** Names a snapshot by its content: the same records at the same places have the same name. */
export function snapshotIdOf(manifest: Omit<SnapshotManifest, "snapshotId">): string {
  const { stream, markers, chunks } = manifest;
  return hash("sha256", JSON.stringify([stream, markers, chunks.map(({ sha256 }) => sha256)])).slice(0, 32);
}

/** Reads a manifest that came from elsewhere; anything that is not exactly one throws `REMOTE_NONSENSE`. */
export function parseSnapshotManifest(value: unknown): SnapshotManifest {
  const manifest = value as SnapshotManifest | null;
  if (
    typeof manifest !== "object" ||
    manifest === null ||
    !isKeptText(manifest.snapshotId) ||
    !isKeptText(manifest.stream) ||
    !isKeptText(manifest.catchment) ||
    !isCount(manifest.protocol) ||
    !isCount(manifest.schema) ||
    !isCount(manifest.madeAt) ||
    !isListOf(manifest.markers, isMarker) ||
    !isListOf(manifest.chunks, isChunk) ||
    manifest.chunks.length > chunksMax ||
    manifest.snapshotId !== snapshotIdOf(manifest) ||
    !manifest.markers.some(({ stream }) => stream === manifest.stream)
  ) {
    throw new TributaryError("REMOTE_NONSENSE", "What came is no manifest of a snapshot.", { retryable: true });
  }
  return manifest;
}

function isListOf<One>(value: unknown, isOne: (one: unknown) => one is One): value is readonly One[] {
  return Array.isArray(value) && value.every(isOne);
}

function isMarker(value: unknown): value is NamedPlace {
  const { stream, epoch, position, entryDigest } = (value ?? {}) as Partial<Record<keyof NamedPlace, unknown>>;
  return (
    isKeptText(stream) && isKeptText(epoch) && isCount(position) && (entryDigest === null || isKeptText(entryDigest))
  );
}

function isChunk(value: unknown): value is SnapshotChunk {
  const chunk = (value ?? {}) as Partial<Record<keyof SnapshotChunk, unknown>>;
  return (
    snapshotStages.some((stage) => stage === chunk.stage) &&
    typeof chunk.sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(chunk.sha256) &&
    isCount(chunk.bytes) &&
    isCount(chunk.rawBytes) &&
    isCount(chunk.records) &&
    isCount(chunk.patients)
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
