import { type Reader, sql, type Transaction } from "@tributary/database";
import { forgetChildInstance } from "./child-instances.ts";

/** A node that has enrolled with this parent. */
export interface ChildNode {
  readonly node: string;
  /** Its public key, as JSON. */
  readonly publicKey: string;
  readonly enrolledAt: number;
  readonly revokedAt: number | null;
  /** When it last asked for anything, and how far it had read by then. */
  readonly lastSeenAt: number | null;
  readonly markerEpoch: string | null;
  readonly markerPosition: number | null;
}

interface ChildRow {
  readonly node: string;
  readonly public_key: string;
  readonly enrolled_at: number;
  readonly revoked_at: number | null;
  readonly last_seen_at: number | null;
  readonly marker_epoch: string | null;
  readonly marker_position: number | null;
}

const columns = "node, public_key, enrolled_at, revoked_at, last_seen_at, marker_epoch, marker_position";
const readOne = sql(`select ${columns} from child_nodes where node = $1`);
const readAll = sql(`select ${columns} from child_nodes order by node`);
const putKey = sql(`
  insert into child_nodes (node, public_key, enrolled_at) values ($1, $2, $3)
  on conflict (node) do update set public_key = excluded.public_key, enrolled_at = excluded.enrolled_at, revoked_at = null`);
const setRevoked = sql("update child_nodes set revoked_at = $2 where node = $1 and revoked_at is null");
const setSeen = sql("update child_nodes set last_seen_at = $2 where node = $1");
const setSeenAt = sql(
  "update child_nodes set last_seen_at = $2, marker_epoch = $3, marker_position = $4 where node = $1",
);

export async function readChildNode(reader: Reader, node: string): Promise<ChildNode | undefined> {
  const row = await reader.first<ChildRow>(readOne, [node]);
  return row && childOf(row);
}

/** Every node that ever enrolled, by name. */
export async function listChildNodes(reader: Reader): Promise<ChildNode[]> {
  return (await reader.all<ChildRow>(readAll)).map(childOf);
}

/** Makes a key the node's own; an older key of the same node stops working. */
export async function putChildKey(tx: Transaction, node: string, publicKey: string, now: number): Promise<void> {
  await tx.run(putKey, [node, publicKey, now]);
  await forgetChildInstance(tx, node);
}

/** Takes a node's access away at once; it can enrol again with a new code. Tells whether it had access. */
export async function revokeChildNode(tx: Transaction, node: string, now: number): Promise<boolean> {
  return (await tx.run(setRevoked, [node, now])) === 1;
}

/** Whether a node has enrolled here and its access was taken away. */
export async function isRevoked(reader: Reader, node: string): Promise<boolean> {
  return typeof (await readChildNode(reader, node))?.revokedAt === "number";
}

/** Notes that a child was here, and how far it says it has read; most requests do not say, and leave what is known. */
export async function noteChildSeen(
  tx: Transaction,
  node: string,
  now: number,
  marker: { readonly epoch: string; readonly position: number } | undefined,
): Promise<void> {
  await (marker ? tx.run(setSeenAt, [node, now, marker.epoch, marker.position]) : tx.run(setSeen, [node, now]));
}

function childOf(row: ChildRow): ChildNode {
  return {
    node: row.node,
    publicKey: row.public_key,
    enrolledAt: row.enrolled_at,
    revokedAt: row.revoked_at,
    lastSeenAt: row.last_seen_at,
    markerEpoch: row.marker_epoch,
    markerPosition: row.marker_position,
  };
}
