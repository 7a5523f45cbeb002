import type { Database } from "@tributary/database";
import { readOldestUnsent, readSyncStatus } from "@tributary/sync";
import type { ChildReport } from "./report-header.ts";

/** Reads how this node does towards its parent; `undefined` at a node that has none. */
export async function readOwnReport(
  database: Database,
  { node, version }: { readonly node: string; readonly version: string },
): Promise<ChildReport | undefined> {
  return database.snapshot(async (reader) => {
    const { parent, openConflicts, children: enrolled } = await readSyncStatus(reader, node);
    if (!parent) return undefined;
    const { clockOffsetMs, unsent, parked, refused, delayed, waiting, decisions } = parent;
    const unsentSince = unsent === 0 ? null : await readOldestUnsent(reader, parent.parent);
    const failed = refused + delayed + waiting + decisions.refused;
    const children = enrolled.filter(({ isRevoked }) => !isRevoked).length;
    return { version, clockOffsetMs, unsent, unsentSince, parked, failed, openConflicts, children };
  });
}
