import { type Reader, sql, type Transaction } from "@tributary/database";
import { parseSnapshotManifest, type SnapshotManifest } from "./snapshot-manifest.ts";

const readProgress = sql("select manifest, started_at from snapshot_progress where parent = $1");
const putProgress = sql(`
  insert into snapshot_progress (parent, snapshot_id, manifest, started_at) values ($1, $2, $3, $4)
  on conflict (parent) do update set
    snapshot_id = excluded.snapshot_id, manifest = excluded.manifest, started_at = excluded.started_at`);
const dropProgress = sql("delete from snapshot_progress where parent = $1");
const readTicks = sql("select sha256 from snapshot_ticks where parent = $1");
const putTick = sql("insert into snapshot_ticks (parent, sha256) values ($1, $2) on conflict do nothing");
const dropTicks = sql("delete from snapshot_ticks where parent = $1");
const fillUnmet = sql(`
  insert into snapshot_unmet (parent, type, id)
  select link, type, id from link_bases where link = $1
  on conflict do nothing`);
const readUnmet = sql(`
  select type, id from snapshot_unmet where parent = $1 and (type, id) > ($2, $3) order by type, id limit $4`);
const dropMet = sql({
  sqlite: `delete from snapshot_unmet where parent = $1 and (type, id) in
             (select value ->> 0, value ->> 1 from json_each($2))`,
  postgres: `delete from snapshot_unmet where parent = $1 and (type, id) in
               (select value ->> 0, value ->> 1 from json_array_elements($2::json))`,
});
const dropUnmet = sql("delete from snapshot_unmet where parent = $1");

interface RecordName {
  readonly type: string;
  readonly id: string;
}

/** How far a node is with the snapshot from which it begins. */
export interface Beginning {
  readonly records: number;
  readonly recordsTotal: number;
  /** When its first chunk was asked for. */
  readonly startedAt: number;
}

/** The snapshot that this node is taking in, or `undefined` when it is not beginning. */
export async function readSnapshotProgress(reader: Reader, parent: string): Promise<SnapshotManifest | undefined> {
  const row = await reader.first<{ manifest: string }>(readProgress, [parent]);
  return row && parseSnapshotManifest(JSON.parse(row.manifest));
}

/** The chunks of it that have been taken in. */
export async function readSnapshotTicks(reader: Reader, parent: string): Promise<ReadonlySet<string>> {
  return new Set((await reader.all<{ sha256: string }>(readTicks, [parent])).map(({ sha256 }) => sha256));
}

/** How many records of it have been taken in, and of how many; `null` when this node is not beginning. */
export async function readBeginning(reader: Reader, parent: string): Promise<Beginning | null> {
  const row = await reader.first<{ manifest: string; started_at: number }>(readProgress, [parent]);
  if (!row) return null;
  const manifest = parseSnapshotManifest(JSON.parse(row.manifest));
  const ticks = await readSnapshotTicks(reader, parent);
  const sum = (chunks: SnapshotManifest["chunks"]) => chunks.reduce((records, chunk) => records + chunk.records, 0);
  return {
    records: sum(manifest.chunks.filter(({ sha256 }) => ticks.has(sha256))),
    recordsTotal: sum(manifest.chunks),
    startedAt: row.started_at,
  };
}

/** Begins with a snapshot, from its first chunk: what is here already must be met in it, or is gone at the parent. */
export async function takeUpSnapshot(
  tx: Transaction,
  parent: string,
  manifest: SnapshotManifest,
  now: number,
): Promise<void> {
  await forgetSnapshot(tx, parent);
  await tx.run(putProgress, [parent, manifest.snapshotId, JSON.stringify(manifest), now]);
  await tx.run(fillUnmet, [parent]);
}

/** Notes that a chunk has been taken in, in the transaction that did it. */
export async function tickChunk(
  tx: Transaction,
  parent: string,
  sha256: string,
  met: readonly RecordName[],
): Promise<void> {
  await tx.run(putTick, [parent, sha256]);
  await meet(tx, parent, met);
}

/** The records that were here before and were not met, at most `limit` of them behind a key. */
export function readUnmetRecords(
  reader: Reader,
  parent: string,
  after: RecordName | undefined,
  limit: number,
): Promise<RecordName[]> {
  return reader.all<RecordName>(readUnmet, [parent, after?.type ?? "", after?.id ?? "", limit]);
}

/** Strikes records off the list of those that were not met. */
export async function meet(tx: Transaction, parent: string, met: readonly RecordName[]): Promise<void> {
  if (met.length > 0) await tx.run(dropMet, [parent, JSON.stringify(met.map(({ type, id }) => [type, id]))]);
}

/** Ends the beginning, in the transaction that puts the markers. */
export async function forgetSnapshot(tx: Transaction, parent: string): Promise<void> {
  await tx.run(dropProgress, [parent]);
  await tx.run(dropTicks, [parent]);
  await tx.run(dropUnmet, [parent]);
}
