import type { Database } from "@tributary/database";
import { readOldestUnsent, readSyncStatus } from "@tributary/sync";
import type { ChildReport } from "./report-header.ts";

/** Reads how this node does towards its parent; `undefined` at a node that has none. */
export async function readOwnReport(
  database: Database,
  { node, version }: { readonly node: string; readonly version: string },
): Promise<ChildReport | undefined> {
  return database.snapshot(async (reader) => {
    const { parent, openConflicts } = await readSyncStatus(reader, node);
    if (!parent) return undefined;
    const { clockOffsetMs, unsent, parked, refused, delayed, waiting } = parent;
    const unsentSince = unsent === 0 ? null : await readOldestUnsent(reader, parent.parent);
    return { version, clockOffsetMs, unsent, unsentSince, parked, failed: refused + delayed + waiting, openConflicts };
  });
}
