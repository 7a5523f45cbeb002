import { type Reader, sql, type Transaction } from "@tributary/database";
import type { StreamPlace } from "./stream-place.ts";

/** A place that a marker has passed. */
export interface TrailPoint {
  readonly position: number;
  readonly entryDigest: string;
}

/** Places kept of one stream; the newest ones all, and of the older ones fewer and fewer. */
export const trailPointsMax = 64;
const newestKept = 16;

const putPoint = sql(`
  insert into stream_trail (parent, stream, position, entry_digest) values ($1, $2, $3, $4)
  on conflict (parent, stream, position) do update set entry_digest = excluded.entry_digest`);
const readPoints = sql(`
  select position, entry_digest as "entryDigest" from stream_trail
  where parent = $1 and stream = $2 order by position desc`);
const dropPoint = sql("delete from stream_trail where parent = $1 and stream = $2 and position = $3");
const dropBehind = sql("delete from stream_trail where parent = $1 and stream = $2 and position > $3");

/** Notes a place that the marker has come to, in the transaction that moves it; what lay behind it is no place any more. */
export async function notePlace(
  tx: Transaction,
  parent: string,
  stream: string,
  { position, entryDigest }: StreamPlace,
): Promise<void> {
  await tx.run(dropBehind, [parent, stream, position]);
  if (entryDigest === null) return;
  await tx.run(putPoint, [parent, stream, position, entryDigest]);
  const points = await readTrail(tx, parent, stream);
  if (points.length <= trailPointsMax) return;
  const kept = new Set(thin(points.map((point) => point.position)));
  for (const point of points) {
    if (!kept.has(point.position)) await tx.run(dropPoint, [parent, stream, point.position]);
  }
}

/** The places of a stream, the latest first. */
export function readTrail(reader: Reader, parent: string, stream: string): Promise<TrailPoint[]> {
  return reader.all<TrailPoint>(readPoints, [parent, stream]);
}

/**
 * Of positions, the latest first, those to keep: the newest ones, and then one for each doubling of the distance to the
 * newest, which stay where they are as the newest moves on.
 */
export function thin(positions: readonly number[]): number[] {
  const newest = positions[0] ?? 0;
  let distance = 0;
  return positions.filter((position, at) => {
    if (at < newestKept) {
      distance = newest - position;
      return true;
    }
    if (newest - position < distance * 1.5 && at !== positions.length - 1) return false;
    distance = newest - position;
    return true;
  });
}
