import type { Database } from "@tributary/database";
import { readFeedHead, readLogIdentity, streamFeed } from "@tributary/events";
import type { Clock, Logger } from "@tributary/kernel";
import type { Visibility } from "../catchment/visibility.ts";
import { snapshotWorthEntries } from "../line/protocol.ts";
import { makeSnapshot } from "./make-snapshot.ts";
import type { SnapshotManifest } from "./snapshot-manifest.ts";
import type { SnapshotShelf } from "./snapshot-shelf.ts";

/** A snapshot is given to further children for so long; what has changed since comes by the stream. */
const freshForMs = 24 * 60 * 60 * 1000;
/** A small snapshot is made while its first child waits for the answer. */
const answerWithinMs = 2_000;

/** What there is for a child that asks for a snapshot. */
export type LatestSnapshot =
  | { readonly kind: "ready"; readonly manifest: SnapshotManifest }
  /** It is being made; so many records have been written. */
  | { readonly kind: "making"; readonly records: number };

export interface SnapshotLibraryOptions {
  readonly database: Database;
  readonly shelf: SnapshotShelf;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Making {
  readonly done: Promise<SnapshotManifest>;
  records: number;
}

/**
 * A parent's snapshots: made in the background when the first child of a catchment asks, and given to the others as long
 * as they are fresh and tell of nobody who has left the catchment since.
 */
export class SnapshotLibrary {
  readonly #options: SnapshotLibraryOptions;
  readonly #making = new Map<string, Making>();

  constructor(options: SnapshotLibraryOptions) {
    this.#options = options;
  }

  /** The snapshot for a child, made anew when there is no fresh one; throws what went wrong in making it. */
  async latest(visibility: Visibility): Promise<LatestSnapshot> {
    const ready = await this.#fresh(visibility);
    if (ready) return { kind: "ready", manifest: ready };
    const making = this.#make(visibility);
    const answered = new AbortController();
    const waited = this.#options.clock.sleep(answerWithinMs, answered.signal).then(() => undefined);
    const manifest = await Promise.race([making.done, waited]).finally(() => answered.abort());
    return manifest ? { kind: "ready", manifest } : { kind: "making", records: making.records };
  }

  /** Makes a snapshot now and waits for it, unless there is a fresh one. */
  async make(visibility: Visibility): Promise<SnapshotManifest> {
    return (await this.#fresh(visibility)) ?? this.#make(visibility).done;
  }

  /** A chunk of one of the child's own snapshots; `undefined` for any other, and when it may not have it any more. */
  async chunk(visibility: Visibility, sha256: string): Promise<Uint8Array | undefined> {
    const { shelf } = this.#options;
    const manifests = await shelf.manifests(visibility.mainStream);
    const isItsOwn = manifests.some(({ chunks }) => chunks.some((chunk) => chunk.sha256 === sha256));
    if (!isItsOwn || !(await this.#mayHave(visibility, sha256))) return undefined;
    return shelf.readChunk(sha256);
  }

  async #fresh(visibility: Visibility): Promise<SnapshotManifest | undefined> {
    const { database, shelf, clock } = this.#options;
    const [manifest] = await shelf.manifests(visibility.mainStream);
    const marker = manifest?.markers.find(({ stream }) => stream === manifest.stream);
    if (!manifest || !marker || Math.abs(clock.now() - manifest.madeAt) > freshForMs) return undefined;
    const { epoch } = await readLogIdentity(database);
    const head = await readFeedHead(database, streamFeed(visibility.mainStream));
    const behind = head - marker.position;
    if (marker.epoch !== epoch || behind < 0 || behind >= snapshotWorthEntries) return undefined;
    // What was announced before the child was let in is none of its business, and so it cannot read on from there.
    if (visibility.from.epoch === epoch && marker.position < visibility.from.position) return undefined;
    for (const { sha256 } of manifest.chunks) if (!(await this.#mayHave(visibility, sha256))) return undefined;
    return (await shelf.hasChunks(manifest)) ? manifest : undefined;
  }

  /** Whether everybody of whom a chunk tells is in the child's catchment now. */
  async #mayHave(visibility: Visibility, sha256: string): Promise<boolean> {
    if (visibility.isEverything) return true;
    const { database, shelf } = this.#options;
    const patients = await shelf.readPatients(sha256);
    if (!patients) return false;
    const allowed = await visibility.mayHold(database, patients);
    return patients.every((patient) => allowed.has(patient));
  }

  #make(visibility: Visibility): Making {
    const { mainStream } = visibility;
    const running = this.#making.get(mainStream);
    if (running) return running;
    const { logger, clock } = this.#options;
    const startedAt = clock.now();
    const making: Making = {
      records: 0,
      done: makeSnapshot({
        ...this.#options,
        visibility,
        onProgress: (records) => {
          making.records = records;
        },
      }).finally(() => this.#making.delete(mainStream)),
    };
    this.#making.set(mainStream, making);
    making.done.then(
      ({ chunks }) => {
        const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
        const told = { stream: mainStream, records: making.records, chunks: chunks.length, bytes };
        logger.info({ ...told, tookMs: clock.now() - startedAt }, "Made a snapshot.");
      },
      (err: unknown) => logger.error({ stream: mainStream, err: err as Error }, "A snapshot could not be made."),
    );
    return making;
  }
}
