import type { Database } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import { type Clock, TributaryError } from "@tributary/kernel";
import { stay } from "../catchment/follow/receive-movements.ts";
import { ahead } from "../pull/ahead.ts";
import { readLinkBases } from "../pull/link-base.ts";
import type { LocalTarget } from "../pull/local-target.ts";
import { putStreamMarker } from "../pull/stream-marker.ts";
import type { TravellingRecord } from "../stream/record-batch.ts";
import { entryAbout, type StreamEntry } from "../stream/stream-entry.ts";
import { parseChunkText } from "./chunk-text.ts";
import { unpackChunk } from "./pack-chunks.ts";
import type { SnapshotChunk, SnapshotManifest, SnapshotStage } from "./snapshot-manifest.ts";
import {
  forgetSnapshot,
  meet,
  readSnapshotProgress,
  readSnapshotTicks,
  readUnmetRecords,
  takeUpSnapshot,
  tickChunk,
} from "./snapshot-progress.ts";
import type { ChunkSource } from "./snapshot-source.ts";

/** Records asked for at a time at the end; as many as one request for bodies may name. */
const unmetPage = 500;

/** How far a beginning is. */
export interface SnapshotProgress {
  readonly stage: SnapshotStage;
  readonly records: number;
  readonly recordsTotal: number;
  readonly bytes: number;
  readonly bytesTotal: number;
  /** At the pace so far; `undefined` before the first chunk of this round. */
  readonly estimateMs: number | undefined;
}

export interface BeginOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly parent: string;
  readonly target: LocalTarget;
  readonly chunks: ChunkSource;
  readonly clock: Clock;
  /** Asks the parent about records that were here before and are not in the snapshot; left out, they stay as they are. */
  readonly askAbout?: (
    entries: readonly StreamEntry[],
    signal: AbortSignal,
  ) => AsyncIterable<{
    readonly contents: readonly TravellingRecord[];
    readonly missing: readonly StreamEntry[];
  }>;
  /** Told what the parent has, or shows, no more: neither a record nor its deletion. */
  readonly onMissing?: (records: readonly { readonly type: string; readonly id: string }[]) => Promise<void>;
  readonly onProgress?: (progress: SnapshotProgress) => void;
  /** Done after each chunk: time for what cannot wait until the end. */
  readonly between?: (signal: AbortSignal) => Promise<void>;
}

/** How it ended: `gone` when the source does not have the snapshot any more, and another one must be asked for. */
export type BeginOutcome = "done" | "gone";

/**
 * Takes a snapshot in, chunk by chunk, each in one transaction with bases, audit and its tick; at the end the markers, so
 * that the stream goes on from there.
 *
 * It can be broken off anywhere and started again with the same manifest: what is ticked is not asked for again. Records
 * that are here already with the same content cost a base and nothing else; those with an edit that has not reached the
 * parent keep it.
 */
export async function beginFromSnapshot(
  manifest: SnapshotManifest,
  options: BeginOptions,
  signal: AbortSignal,
): Promise<BeginOutcome> {
  const { database, parent, target, clock, onProgress, between } = options;
  const known = await readSnapshotProgress(database, parent);
  if (known?.snapshotId !== manifest.snapshotId) {
    await database.transaction((tx) => takeUpSnapshot(tx, parent, manifest, clock.now()));
  }
  const ticks = await readSnapshotTicks(database, parent);
  const count = new ProgressCount(manifest, ticks, clock);
  for await (const piece of ahead(pieces(manifest, ticks, options.chunks, signal))) {
    signal.throwIfAborted();
    if (!piece) return "gone";
    const { chunk, records } = piece;
    await target.apply({ contents: records, missing: [], settled: [], through: undefined }, async (tx) => {
      await tickChunk(tx, parent, chunk.sha256, records);
      await stay(tx, patientsAmong(records));
    });
    onProgress?.(count.after(chunk));
    await between?.(signal);
  }
  await settleUnmet(options, signal);
  await database.transaction(async (tx) => {
    for (const marker of manifest.markers) {
      await putStreamMarker(tx, parent, marker.stream, { ...marker, head: marker.position }, clock.now());
    }
    await forgetSnapshot(tx, parent);
  });
  return "done";
}

function patientsAmong(records: readonly TravellingRecord[]): string[] {
  return records.filter(({ type }) => type === "Patient").map(({ id }) => id);
}

interface Piece {
  readonly chunk: SnapshotChunk;
  readonly records: readonly TravellingRecord[];
}

async function* pieces(
  manifest: SnapshotManifest,
  ticks: ReadonlySet<string>,
  source: ChunkSource,
  signal: AbortSignal,
): AsyncGenerator<Piece | undefined> {
  for (const chunk of manifest.chunks) {
    if (ticks.has(chunk.sha256)) continue;
    const bytes = await source.chunk(chunk, signal);
    if (!bytes) {
      yield undefined;
      return;
    }
    const records = parseChunkText(await unpackChunk(bytes, chunk));
    if (records.length !== chunk.records) {
      throw new TributaryError("REMOTE_NONSENSE", "A chunk does not hold what its manifest says.", { retryable: true });
    }
    yield { chunk, records };
  }
}

/** Asks about what was here and is not in the snapshot: deletions are taken, and own edits stay. */
async function settleUnmet(options: BeginOptions, signal: AbortSignal): Promise<void> {
  const { database, store, parent, target, askAbout, onMissing } = options;
  for (let after: { readonly type: string; readonly id: string } | undefined; askAbout; ) {
    const page = await readUnmetRecords(database, parent, after, unmetPage);
    if (page.length === 0) return;
    after = page.at(-1);
    const here = await store.readMany(database, page);
    const bases = await readLinkBases(database, parent, page);
    const asked = page.filter(({ type, id }) => {
      const stored = here.get(`${type}/${id}`);
      const base = bases.get(`${type}/${id}`);
      return stored && stored.operation !== "delete" && stored.version <= (base?.localVersion ?? 0);
    });
    for await (const { contents, missing } of askAbout(
      asked.map((key) => entryAbout(key, 0)),
      signal,
    )) {
      await target.apply({ contents, missing: [], settled: [], through: undefined }, (tx) =>
        meet(tx, parent, contents),
      );
      await onMissing?.(missing);
    }
  }
}

/** Counts what has been taken in, and reckons from this round's pace how long the rest takes. */
class ProgressCount {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #bytesTotal: number;
  readonly #recordsTotal: number;
  readonly #bytesBefore: number;
  #bytes: number;
  #records: number;

  constructor({ chunks }: SnapshotManifest, ticks: ReadonlySet<string>, clock: Clock) {
    const done = chunks.filter(({ sha256 }) => ticks.has(sha256));
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#bytesTotal = sumOf(chunks, "bytes");
    this.#recordsTotal = sumOf(chunks, "records");
    this.#bytesBefore = sumOf(done, "bytes");
    this.#bytes = this.#bytesBefore;
    this.#records = sumOf(done, "records");
  }

  after(chunk: SnapshotChunk): SnapshotProgress {
    this.#bytes += chunk.bytes;
    this.#records += chunk.records;
    const msPerByte = (this.#clock.now() - this.#startedAt) / (this.#bytes - this.#bytesBefore);
    return {
      stage: chunk.stage,
      records: this.#records,
      recordsTotal: this.#recordsTotal,
      bytes: this.#bytes,
      bytesTotal: this.#bytesTotal,
      estimateMs: Math.max(0, Math.round(msPerByte * (this.#bytesTotal - this.#bytes))),
    };
  }
}

function sumOf(chunks: readonly SnapshotChunk[], what: "bytes" | "records"): number {
  return chunks.reduce((sum, chunk) => sum + chunk[what], 0);
}
