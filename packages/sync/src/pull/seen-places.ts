import { type Reader, sql, type Transaction } from "@tributary/database";
import type { NamedPlace, StreamPlace } from "../stream/stream-place.ts";

/** Places kept of one stream; a child that reads that far ahead of its marker keeps the first of them and the last. */
export const seenPlacesMax = 64;

const readAll = sql(`
  select epoch, position, entry_digest as "entryDigest" from seen_places
  where parent = $1 and stream = $2 order by position`);
const putOne = sql(`
  insert into seen_places (parent, stream, epoch, position, entry_digest)
  select parent, stream, epoch, $4, $5 from stream_markers
  where parent = $1 and stream = $2 and epoch = $3 and position < $4
  on conflict do nothing`);
const thinOut = sql(`
  delete from seen_places
  where parent = $1 and stream = $2 and position < $3 and position in (
    select position from (
      select position, row_number() over (order by position) as nth
      from seen_places where parent = $1 and stream = $2
    ) as numbered
    where nth >= ${seenPlacesMax})`);
const dropPassed = sql(`
  delete from seen_places where parent = $1 and stream = $2 and (position <= $3 or epoch <> $4)`);
const dropAll = sql("delete from seen_places where parent = $1 and stream = $2");

/** What was read, and where its stream ended then as far as that was told. */
export interface ReadSomewhere {
  readonly readAt?: NamedPlace | undefined;
}

/** Where a stream ended when something was read that is here, as far as that lies beyond its marker; the first place first. */
export function readSeenPlaces(reader: Reader, parent: string, stream: string): Promise<StreamPlace[]> {
  return reader.all<StreamPlace>(readAll, [parent, stream]);
}

/**
 * Notes where the stream ended when something was read, in the transaction that makes that durable: it may be ahead of the
 * marker, and a parent that is put back to before it must not pass for the one that gave it. It belongs behind the marker's
 * move. Of several ends the latest counts; what does not tell its end is passed over, and what stands at a place already stays.
 */
export async function noteStreamEnds(tx: Transaction, parent: string, read: readonly ReadSomewhere[]): Promise<void> {
  let latest: NamedPlace | undefined;
  for (const { readAt } of read) if (readAt && readAt.position > (latest?.position ?? 0)) latest = readAt;
  if (!latest) return;
  const { stream, epoch, position, entryDigest } = latest;
  const noted = await tx.run(putOne, [parent, stream, epoch, position, entryDigest]);
  if (noted > 0) await tx.run(thinOut, [parent, stream, position]);
}

/** Forgets the places that a marker has passed, in the transaction that moves it, and those of another history. */
export async function forgetPassedPlaces(
  tx: Transaction,
  parent: string,
  stream: string,
  { epoch, position }: StreamPlace,
): Promise<void> {
  await tx.run(dropPassed, [parent, stream, position, epoch]);
}

/** Forgets all places of a stream, which is read anew. */
export async function forgetSeenPlaces(tx: Transaction, parent: string, stream: string): Promise<void> {
  await tx.run(dropAll, [parent, stream]);
}
