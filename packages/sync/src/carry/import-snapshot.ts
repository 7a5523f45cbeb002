import { hash } from "node:crypto";
import { appendAudit } from "@tributary/audit";
import { type Database, sql } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import { type Clock, type NodeId, TributaryError } from "@tributary/kernel";
import { beginFromSnapshot, type SnapshotProgress } from "../bootstrap/begin-from-snapshot.ts";
import { parseSnapshotManifest, type SnapshotManifest } from "../bootstrap/snapshot-manifest.ts";
import { readSnapshotProgress } from "../bootstrap/snapshot-progress.ts";
import type { ChunkSource } from "../bootstrap/snapshot-source.ts";
import { isCatchmentStream } from "../catchment/catchment-name.ts";
import { holdPulls } from "../control/held-pulls.ts";
import { keysWithParent } from "../enrolment/carry-keys.ts";
import type { ParentLink } from "../enrolment/parent-link.ts";
import { protocolVersion, schemaVersion } from "../line/protocol.ts";
import type { LocalTarget } from "../pull/local-target.ts";
import { readStreamMarker } from "../pull/stream-marker.ts";
import type { StreamEntry } from "../stream/stream-entry.ts";
import { carriedAudit } from "./carried-audit.ts";
import { CarriedFile, refused } from "./carried-file.ts";

export interface ImportSnapshotOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly link: ParentLink;
  readonly target: LocalTarget;
  readonly file: string;
  /** Who does it; entered in the audit trail. */
  readonly author: string;
  /** Lets go of those who left the catchment while this node was away. */
  readonly letLeave: (records: readonly { readonly type: string; readonly id: string }[]) => Promise<void>;
  readonly onSnapshotProgress?: (progress: SnapshotProgress) => void;
}

/** What was taken in. */
export interface ImportedSnapshot {
  readonly parent: string;
  readonly catchment: string;
  readonly snapshotId: string;
  readonly records: number;
}

const setStream = sql("update parent_links set stream = $2 where parent = $1");

/**
 * Takes in a snapshot that was carried here, as one that came over a line; it can be broken off anywhere and begun again
 * with the same file. The whole file is held against its seals and signature before its first chunk is applied.
 *
 * Throws `CARRIED_FILE_REFUSED` with the reason and nothing changed, `UPGRADE_NEEDED`, `CARRIED_KEYS_MISSING`.
 */
export async function importSnapshot(options: ImportSnapshotOptions, signal: AbortSignal): Promise<ImportedSnapshot> {
  const { database, nodeId, clock, link, file, author, target, onSnapshotProgress } = options;
  const { parent } = link;
  const keys = await keysWithParent(database);
  await using carried = await CarriedFile.open(file, { kind: "snapshot", from: parent, to: nodeId }, keys);
  const manifest = await manifestIn(carried);
  await refuseUnfit(options, manifest);
  await database.transaction((tx) => tx.run(setStream, [parent, manifest.stream]));
  const { catchment, snapshotId, chunks } = manifest;
  await beginFromSnapshot(
    manifest,
    {
      database,
      store: options.store,
      clock,
      parent,
      target,
      chunks: chunksOf(carried, manifest),
      askAbout: (unmet) => askLater(unmet),
      ...(isCatchmentStream(manifest.stream) ? { onMissing: options.letLeave } : {}),
      ...(onSnapshotProgress ? { onProgress: onSnapshotProgress } : {}),
    },
    signal,
  );
  await database.transaction((tx) =>
    appendAudit(tx, nodeId, [
      carriedAudit({ at: clock.now(), actor: author, link: parent, name: snapshotId, outcome: "snapshot-imported" }),
    ]),
  );
  return { parent, catchment, snapshotId, records: chunks.reduce((sum, chunk) => sum + chunk.records, 0) };

  /** Nobody can be asked now: what was here and is not in the file is asked about at the next contact. */
  async function* askLater(unmet: readonly StreamEntry[]) {
    await database.transaction((tx) => holdPulls(tx, parent, unmet, clock.now()));
    yield { contents: [], missing: unmet.filter(({ type }) => type === "Patient") };
  }
}

async function manifestIn(carried: CarriedFile): Promise<SnapshotManifest> {
  const manifest = parseSnapshotManifest(told(await carried.part(0)));
  if (manifest.protocol !== protocolVersion || manifest.schema > schemaVersion) {
    throw new TributaryError(
      "UPGRADE_NEEDED",
      `The snapshot was written for protocol ${manifest.protocol} and schema ${manifest.schema}; this node speaks ${protocolVersion} and ${schemaVersion}.`,
    );
  }
  if (manifest.chunks.length !== carried.parts - 1) throw refused("it does not hold the chunks that it names");
  return manifest;
}

/** What would take this node back, or away from its catchment, is not applied. */
async function refuseUnfit({ database, link }: ImportSnapshotOptions, manifest: SnapshotManifest): Promise<void> {
  const { parent, stream } = link;
  const offered = markerIn(manifest);
  const current = await readStreamMarker(database, parent, stream);
  if (current && stream !== manifest.stream) {
    throw refused(`it is a snapshot of catchment ${manifest.catchment}, and this node reads another one`);
  }
  if (current && current.epoch !== offered.epoch) {
    throw refused(
      "the parent's history is another one than this node has read; go round with a bundle first, or pull over a line once",
    );
  }
  if (current && current.position >= offered.position) throw refused("this node holds all that is in it, or more");
  const begun = await readSnapshotProgress(database, parent);
  if (!begun || begun.snapshotId === manifest.snapshotId) return;
  const other = markerIn(begun);
  if (begun.stream === manifest.stream && other.epoch === offered.epoch && other.position > offered.position) {
    throw refused("it is older than the snapshot that this node is taking in");
  }
}

function markerIn({ markers, stream }: SnapshotManifest): SnapshotManifest["markers"][number] {
  return markers.find((marker) => marker.stream === stream)!;
}

/** The chunks in the file, each held against the hash in the manifest. */
function chunksOf(carried: CarriedFile, { chunks }: SnapshotManifest): ChunkSource {
  const places = new Map(chunks.map(({ sha256 }, at) => [sha256, at + 1]));
  return {
    async chunk({ sha256 }) {
      const bytes = await carried.part(places.get(sha256)!);
      if (hash("sha256", bytes) === sha256) return bytes;
      throw refused("a chunk is not the one that the manifest names");
    },
  };
}

function told(part: Buffer): unknown {
  try {
    return JSON.parse(part.toString("utf8"));
  } catch {
    throw refused("its first part is no manifest");
  }
}
