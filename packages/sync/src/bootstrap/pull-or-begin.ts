import type { Database } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import type { LocalTarget } from "../pull/local-target.ts";
import { type ParentSource, SnapshotAdvised } from "../pull/parent-source.ts";
import { type PullOptions, pullFromParent } from "../pull/pull-from-parent.ts";
import { askForSnapshot } from "./ask-for-snapshot.ts";
import { beginFromSnapshot, type SnapshotProgress } from "./begin-from-snapshot.ts";
import type { SnapshotManifest } from "./snapshot-manifest.ts";
import { readSnapshotProgress } from "./snapshot-progress.ts";
import type { SnapshotSource } from "./snapshot-source.ts";

/** How often own changes are sent while a long beginning goes on. */
const pushEveryMs = 60_000;
/** Snapshots that a parent may withdraw within one round; a further one is taken up in the next. */
const withdrawnMax = 3;

export interface PullOrBeginOptions extends PullOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly snapshots: SnapshotSource;
  /** Entries to be read from which on a snapshot is worth its while. */
  readonly snapshotAbove: number;
  /** Told what was here before and what the parent has, or shows, no more; left out, it stays. */
  readonly onMissing?: (records: readonly { readonly type: string; readonly id: string }[]) => Promise<void>;
  /** Sends what was changed here. */
  readonly push: (signal: AbortSignal) => Promise<void>;
  readonly onSnapshotProgress?: (progress: SnapshotProgress) => void;
}

/**
 * Brings a child to where its parent is: by the stream, or, when there is so much of it to read that it is worth its
 * while, first by a snapshot and then by the stream from there. A beginning that was broken off is gone on with.
 */
export async function pullOrBegin(
  source: ParentSource,
  target: LocalTarget,
  options: PullOrBeginOptions,
  signal: AbortSignal,
): Promise<void> {
  source.snapshotAbove = options.snapshotAbove;
  const begun = await readSnapshotProgress(options.database, options.parent);
  if (begun) await begin(begun, source, target, options, signal);
  try {
    await pullFromParent(source, target, options, signal);
  } catch (error) {
    if (!(error instanceof SnapshotAdvised)) throw error;
    await begin(undefined, source, target, options, signal);
    source.snapshotAbove = Number.POSITIVE_INFINITY;
    await pullFromParent(source, target, options, signal);
  }
}

async function begin(
  begun: SnapshotManifest | undefined,
  source: ParentSource,
  target: LocalTarget,
  options: PullOrBeginOptions,
  signal: AbortSignal,
): Promise<void> {
  const { snapshots, parent, logger, clock } = options;
  let pushedAt = clock.now();
  let manifest = begun;
  for (let withdrawn = 0; withdrawn < withdrawnMax; withdrawn++) {
    manifest ??= await askForSnapshot(snapshots, options, signal);
    if (!manifest) return;
    const { snapshotId, chunks } = manifest;
    logger.info({ parent, snapshotId, chunks: chunks.length }, "Taking a snapshot in.");
    const outcome = await beginFromSnapshot(
      manifest,
      {
        ...options,
        ...(options.onSnapshotProgress ? { onProgress: options.onSnapshotProgress } : {}),
        target,
        chunks: snapshots,
        askAbout: (entries, stop) => source.fetch(entries, stop),
        between: async (stop) => {
          if (Math.abs(clock.now() - pushedAt) < pushEveryMs) return;
          await options.push(stop);
          pushedAt = clock.now();
        },
      },
      signal,
    );
    if (outcome === "done") return;
    manifest = undefined;
  }
}
