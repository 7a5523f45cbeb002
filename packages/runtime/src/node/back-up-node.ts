import { resolve } from "node:path";
import { copySqliteDatabase, openDatabase } from "@tributary/database";
import { countRecords } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import type { NodeConfig } from "../config/config-schema.ts";
import { requireNodeIdentity } from "./node-identity.ts";
import { verifyAuditTrail } from "./verify-audit-trail.ts";

/** What a backup holds. */
export interface NodeBackup {
  readonly file: string;
  readonly node: string;
  readonly records: number;
}

/**
 * Writes a consistent copy of a node's database into a new file while the node goes on, and reads it back: every page is
 * sound, it is this node's, and its audit trail is unbroken.
 *
 * Throws `CONFIG_INVALID` for a file that is there already and for a node on PostgreSQL, naming the command that serves
 * there, and `DATABASE_UNAVAILABLE` when the copy cannot be made or is not sound.
 */
export async function backUpNode(config: NodeConfig, to: string): Promise<NodeBackup> {
  if (/^postgres(ql)?:/.test(config.database)) {
    throw new TributaryError(
      "CONFIG_INVALID",
      "This node's database is in PostgreSQL, which makes a consistent copy by itself: `pg_dump --format=custom --file=FILE URL`, with the URL of the configuration.",
    );
  }
  const file = resolve(to);
  copySqliteDatabase(config.database, file);
  await using copy = await openDatabase({ address: file });
  await requireNodeIdentity(copy, config.node.id);
  const { own } = await verifyAuditTrail(copy);
  if (own.kind !== "intact") {
    throw new TributaryError("DATABASE_UNAVAILABLE", "The copy was written, but its audit trail is broken.");
  }
  return { file, node: config.node.id, records: await countRecords(copy) };
}
