import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Database } from "@tributary/database";
import { listOpenConflicts, readOldestUnsent, readParentLink, readSyncStatus } from "@tributary/sync";
import type { NodeConfig } from "../config/config-schema.ts";
import { readNetworkChildren } from "../network/read-children.ts";
import type { AlertSigns } from "./alert-rules.ts";

/** Reads how the node stands, for the rules. */
export async function gatherSigns(
  database: Database,
  config: NodeConfig,
  { now, failuresBefore }: { readonly now: number; readonly failuresBefore: number | null },
): Promise<AlertSigns> {
  const diskFreePercent = await freePercentOf(config);
  return database.snapshot(async (reader) => {
    const silentAfterMs = config.alerts.silentMinutes * 60_000;
    const { parent } = await readSyncStatus(reader, config.node.id);
    const link = await readParentLink(reader);
    const [oldestConflict] = await listOpenConflicts(reader, 1);
    return {
      now,
      node: config.node.id,
      children: (await readNetworkChildren(reader, { now, silentAfterMs })).map((child) => ({
        ...child,
        clockOffsetMs: child.told?.clockOffsetMs ?? null,
        unsentSince: child.told?.unsentSince == null ? null : child.told.unsentSince + child.told.clockOffsetMs,
      })),
      parent: link && {
        node: link.parent,
        heardAt: link.lastPullAt ?? link.enrolledAt,
        clockOffsetMs: link.clockOffsetMs,
      },
      oldestUnsentAt: link ? await readOldestUnsent(reader, link.parent) : null,
      failures: parent ? parent.waiting + parent.refused + parent.parked + parent.delayed : 0,
      failuresBefore,
      oldestConflictAt: oldestConflict?.openedAt ?? null,
      diskFreePercent,
    };
  });
}

/** How much of the disk is free on which a SQLite file, or the snapshots, stand; `null` where it cannot be told. */
export async function freePercentOf({
  database,
  snapshots,
}: Pick<NodeConfig, "database" | "snapshots">): Promise<number | null> {
  const isFile = !/^postgres(ql)?:/.test(database);
  const folder = isFile ? dirname(database) : dirname(snapshots.folder);
  try {
    const { bavail, blocks } = await statfs(folder);
    return blocks === 0 ? null : (bavail / blocks) * 100;
  } catch {
    return null;
  }
}
