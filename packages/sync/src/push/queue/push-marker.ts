import { type Reader, sql, type Transaction } from "@tributary/database";
import { assert } from "@tributary/kernel";

const readMarker = sql({
  sqlite: "select position, next_counter, incarnation from push_markers where parent = $1",
  postgres: "select position, next_counter, incarnation from push_markers where parent = $1 for update",
});
const readPosition = sql("select position from push_markers where parent = $1");
const addMarker = sql(`
  insert into push_markers (parent, position, next_counter, incarnation) values ($1, 0, 1, $2)
  on conflict (parent) do nothing`);
const putMarker = sql(`
  insert into push_markers (parent, position, next_counter, incarnation) values ($1, $2, $3, $4)
  on conflict (parent) do update set position = excluded.position, next_counter = excluded.next_counter`);

/** How far the own changes are in the queue, and by which name the next unit goes. */
export interface PushMarker {
  /** The log's position behind which nothing has been queued. */
  readonly position: number;
  readonly next_counter: number;
  /** Tells the queue's units from those of an earlier life of this node. */
  readonly incarnation: string;
}

/** The marker, locked until the transaction ends, so that no other program changes the queue meanwhile. */
export function lockPushMarker(tx: Transaction, parent: string): Promise<PushMarker | undefined> {
  return tx.first<PushMarker>(readMarker, [parent]);
}

/** The marker, locked; made when there is none. Of two programs that do so at once the later one gets the other's. */
export async function openPushMarker(
  tx: Transaction,
  parent: string,
  newIncarnation: () => string,
): Promise<PushMarker> {
  const marker = await lockPushMarker(tx, parent);
  if (marker) return marker;
  await tx.run(addMarker, [parent, newIncarnation()]);
  return heldPushMarker(tx, parent);
}

/** The marker of a queue that has had units before, locked. */
export async function heldPushMarker(tx: Transaction, parent: string): Promise<PushMarker> {
  const marker = await lockPushMarker(tx, parent);
  assert(marker !== undefined, "whoever has queued a unit has a marker");
  return marker;
}

/** The position behind which nothing has been queued; 0 before the first push. */
export async function readPushPosition(reader: Reader, parent: string): Promise<number> {
  return (await reader.first<{ position: number }>(readPosition, [parent]))?.position ?? 0;
}

/** Moves the marker. */
export async function putPushMarker(
  tx: Transaction,
  parent: string,
  { position, next_counter, incarnation }: PushMarker,
): Promise<void> {
  await tx.run(putMarker, [parent, position, next_counter, incarnation]);
}
