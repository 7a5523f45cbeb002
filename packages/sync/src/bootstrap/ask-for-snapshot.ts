import { isErrorCode, type Logger } from "@tributary/kernel";
import type { SnapshotManifest } from "./snapshot-manifest.ts";
import type { SnapshotSource } from "./snapshot-source.ts";

/**
 * The manifest of this child's snapshot, waited for until it is made; `undefined` from a parent that makes none or does
 * not know of them, which is read by its stream. Throws what the line throws.
 */
export async function askForSnapshot(
  snapshots: SnapshotSource,
  { logger, parent }: { readonly logger: Logger; readonly parent: string },
  signal: AbortSignal,
): Promise<SnapshotManifest | undefined> {
  try {
    const manifest = await snapshots.latest(signal, (records) =>
      logger.info({ parent, records }, "The parent is making a snapshot."),
    );
    if (manifest) return manifest;
  } catch (error) {
    if (!isErrorCode(error, "REMOTE_REFUSED")) throw error;
  }
  logger.info({ parent }, "The parent makes no snapshots; reading its stream.");
  return undefined;
}
