import { type Database, type Reader, sql } from "@tributary/database";
import { type Clock, type NodeId, parseNodeId, TributaryError } from "@tributary/kernel";

const addIdentity = sql(
  "insert into node_identity (only_row, node_id, created_at) values (1, $1, $2) on conflict do nothing",
);
const readIdentity = sql("select node_id from node_identity");

/** The node that a database belongs to, or `undefined` when it belongs to none yet. */
export async function readNodeIdentity(reader: Reader): Promise<NodeId | undefined> {
  const row = await reader.first<{ node_id: string }>(readIdentity);
  return row && parseNodeId(row.node_id);
}

/**
 * Makes a database a node's own; to claim it again for the same node changes nothing.
 *
 * Throws `ALREADY_INITIALISED` when it belongs to another node.
 */
export async function claimDatabase(database: Database, id: NodeId, clock: Clock): Promise<void> {
  await database.transaction((tx) => tx.run(addIdentity, [id, clock.now()]));
  const owner = await readNodeIdentity(database);
  if (owner === id) return;
  throw new TributaryError(
    "ALREADY_INITIALISED",
    `The database already belongs to the node ${owner}; name another one with --database, or that node with --id.`,
  );
}

/**
 * Makes sure that a database belongs to the configured node. Versions of records are numbered per node, so two nodes must
 * never share a database, and one must not be renamed.
 *
 * Throws `CONFIG_INVALID` when it is another node's or nobody's.
 */
export async function requireNodeIdentity(reader: Reader, configured: string): Promise<NodeId> {
  const owner = await readNodeIdentity(reader);
  if (owner === configured) return owner;
  throw new TributaryError(
    "CONFIG_INVALID",
    owner
      ? `node.id is ${configured}, but the database belongs to the node ${owner}; write node.id: ${owner}, or name another database.`
      : "The database belongs to no node yet; run `tributary init` for it.",
  );
}
