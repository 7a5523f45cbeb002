import type { Database } from "@tributary/database";
import { allFeed, countQueuedEvents, readFeedHead } from "@tributary/events";
import { countRecords } from "@tributary/fhir";
import { countLinkHeldPushes, readSyncStatus, type SyncStatus } from "@tributary/sync";
import type { NodeConfig } from "../config/config-schema.ts";
import { readSettings } from "../settings/settings-versions.ts";
import { installationOf } from "./installation.ts";

/** What a node holds and how far it is in step. */
export interface NodeStatus extends SyncStatus {
  readonly node: string;
  /** Names this installation of the node; a copy of it has another name. */
  readonly installation: string;
  readonly role: NodeConfig["node"]["role"];
  readonly database: "sqlite" | "postgres";
  /** Records that exist now, deleted ones left out. */
  readonly records: number;
  /** Changes that have their place in the log. */
  readonly announced: number;
  /** Changes that are committed and wait for their place. */
  readonly queued: number;
  /** Units of own changes that stay because their types are not pushed by themselves. */
  readonly heldPushes: number;
}

/** Reads a node's status from its database, whether the node runs or not. */
export async function readNodeStatus(database: Database, config: NodeConfig): Promise<NodeStatus> {
  const installation = await installationOf(config.database, database);
  return database.snapshot(async (reader) => ({
    installation,
    node: config.node.id,
    role: config.node.role,
    database: database.dialect,
    records: await countRecords(reader),
    announced: await readFeedHead(reader, allFeed),
    queued: await countQueuedEvents(reader),
    heldPushes: await countLinkHeldPushes(reader, {
      types: (await readSettings(reader))?.settings.types?.push ?? config.push.types,
    }),
    ...(await readSyncStatus(reader, config.node.id)),
  }));
}
