import { appendAudit } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { type Clock, type NodeId, TributaryError } from "@tributary/kernel";
import type { SnapshotLibrary } from "../bootstrap/snapshot-library.ts";
import { visibilityOf } from "../catchment/visibility.ts";
import { keysWithChild } from "../enrolment/carry-keys.ts";
import { carriedAudit } from "./carried-audit.ts";
import { CarriedFileWriter } from "./carried-file.ts";

export interface ExportSnapshotOptions {
  readonly database: Database;
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly snapshots: SnapshotLibrary;
  readonly child: string;
  /** The file to write; one of that name is replaced once the new one is whole. */
  readonly file: string;
  /** Who does it; entered in the audit trail. */
  readonly author: string;
  /** Told after each chunk how many bytes of how many have been written. */
  readonly onProgress?: (bytes: number, bytesTotal: number) => void;
}

/** What was written. */
export interface ExportedSnapshot {
  readonly child: string;
  readonly catchment: string;
  readonly snapshotId: string;
  readonly records: number;
  readonly chunks: number;
  readonly bytes: number;
}

/**
 * Writes a child's snapshot into a file: the manifest and the very chunks that it would be given over a line, sealed for
 * it and signed. Throws `CARRIED_KEYS_MISSING`, `REMOTE_REFUSED` for a revoked child, and `FILE_UNAVAILABLE`.
 */
export async function exportSnapshot(options: ExportSnapshotOptions): Promise<ExportedSnapshot> {
  const { database, nodeId, clock, snapshots, child, file, author, onProgress } = options;
  const keys = await keysWithChild(database, child);
  const visibility = await visibilityOf(database, child);
  const { catchment } = visibility;
  if (catchment === undefined) {
    throw new TributaryError("CATCHMENT_REFUSED", `No catchment has been assigned to ${child} yet.`);
  }
  const manifest = await snapshots.make(visibility);
  const { snapshotId, chunks } = manifest;
  const bytesTotal = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  await using writer = await CarriedFileWriter.create(file, { kind: "snapshot", from: nodeId, to: child }, keys);
  await writer.add(Buffer.from(JSON.stringify(manifest)));
  let done = 0;
  for (const { sha256, bytes } of chunks) {
    const chunk = await snapshots.chunk(visibility, sha256);
    if (!chunk) throw changedMeanwhile(child);
    await writer.add(chunk);
    done += bytes;
    onProgress?.(done, bytesTotal);
  }
  const bytes = await writer.finish();
  await database.transaction((tx) =>
    appendAudit(tx, nodeId, [
      carriedAudit({ at: clock.now(), actor: author, link: child, name: snapshotId, outcome: "snapshot-exported" }),
    ]),
  );
  const records = chunks.reduce((sum, chunk) => sum + chunk.records, 0);
  return { child, catchment, snapshotId, records, chunks: chunks.length, bytes };
}

function changedMeanwhile(child: string): TributaryError {
  return new TributaryError(
    "REMOTE_UNAVAILABLE",
    `Somebody left the catchment of ${child} while its snapshot was being written; write it again.`,
    { retryable: true },
  );
}
