import { type Reader, sql, type Transaction } from "@tributary/database";
import type { NamedPlace, StreamPlace } from "../stream/stream-place.ts";
import { notePlace } from "../stream/stream-trail.ts";

/** How far a child has read a stream: everything up to `position` is applied, or durably noted as failed. */
export interface StreamMarker extends StreamPlace {
  /** The stream's last position when it was last seen. */
  readonly head: number;
  /** Where the stream ended when records were read that are here, as long as that lies beyond `position`. */
  readonly seen?: StreamPlace | undefined;
}

interface MarkerRow {
  readonly epoch: string;
  readonly position: number;
  readonly entry_digest: string | null;
  readonly head: number;
  readonly seen_position: number | null;
  readonly seen_digest: string | null;
}

const readSides = sql(`
  select stream, position, head, moved_at
  from stream_markers
  where parent = $1 and stream <> $2
  order by stream`);
const readOne = sql(`
  select epoch, position, entry_digest, head, seen_position, seen_digest
  from stream_markers where parent = $1 and stream = $2`);
const put = `
  insert into stream_markers (parent, stream, epoch, position, entry_digest, head, moved_at)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (parent, stream) do update set
    epoch = excluded.epoch, position = excluded.position, entry_digest = excluded.entry_digest,
    head = excluded.head, moved_at = excluded.moved_at`;
const putOne = sql(`${put}, seen_position = null, seen_digest = null`);
const isPassed = "stream_markers.epoch <> excluded.epoch or stream_markers.seen_position <= excluded.position";
const advanceOne = sql(`${put},
    seen_position = case when ${isPassed} then null else stream_markers.seen_position end,
    seen_digest = case when ${isPassed} then null else stream_markers.seen_digest end
  where stream_markers.epoch <> excluded.epoch or stream_markers.position <= excluded.position`);
const dropOne = sql("delete from stream_markers where parent = $1 and stream = $2");
const seeOne = sql(`
  update stream_markers set seen_position = $4, seen_digest = $5
  where parent = $1 and stream = $2 and epoch = $3 and position < $4 and coalesce(seen_position, 0) < $4`);

export async function readStreamMarker(
  reader: Reader,
  parent: string,
  stream: string,
): Promise<StreamMarker | undefined> {
  const row = await reader.first<MarkerRow>(readOne, [parent, stream]);
  if (!row) return undefined;
  const { epoch, position, entry_digest: entryDigest, head, seen_position: seen, seen_digest: seenDigest } = row;
  return {
    epoch,
    position,
    entryDigest,
    head,
    ...(seen !== null && { seen: { epoch, position: seen, entryDigest: seenDigest } }),
  };
}

/** How far a stream beside that of the records is read. */
export interface SideMarker {
  readonly stream: string;
  readonly position: number;
  /** The stream's last position when it was last read. */
  readonly head: number;
  readonly movedAt: number;
}

/** The markers of the streams that are followed beside `main`, by name. */
export async function readSideMarkers(reader: Reader, parent: string, main: string): Promise<readonly SideMarker[]> {
  const rows = await reader.all<Omit<SideMarker, "movedAt"> & { moved_at: number }>(readSides, [parent, main]);
  return rows.map(({ stream, position, head, moved_at: movedAt }) => ({ stream, position, head, movedAt }));
}

/**
 * Moves a marker on, in the transaction that makes what it claims true. It stays where it is when another program over the
 * same database has read further in the same history.
 */
export async function advanceStreamMarker(
  tx: Transaction,
  parent: string,
  stream: string,
  marker: StreamMarker,
  now: number,
): Promise<void> {
  const { epoch, position, entryDigest, head } = marker;
  const moved = await tx.run(advanceOne, [parent, stream, epoch, position, entryDigest, head, now]);
  if (moved > 0) await notePlace(tx, parent, stream, marker);
}

/** What was read, and where its stream ended then as far as that was told. */
export interface ReadSomewhere {
  readonly readAt?: NamedPlace | undefined;
}

/**
 * Notes where the stream ended when something was read, in the transaction that makes that durable: it may be ahead of the
 * marker, and a parent that is put back to before it must not pass for the one that gave it. It belongs behind the marker's
 * move. Of several ends the latest counts; what does not tell its end is passed over.
 */
export async function noteStreamEnds(tx: Transaction, parent: string, read: readonly ReadSomewhere[]): Promise<void> {
  let latest: NamedPlace | undefined;
  for (const { readAt } of read) if (readAt && readAt.position > (latest?.position ?? 0)) latest = readAt;
  if (!latest) return;
  const { stream, epoch, position, entryDigest } = latest;
  await tx.run(seeOne, [parent, stream, epoch, position, entryDigest]);
}

/** Whether a stream of that length has something new behind a marker, or is not the one that was read. */
export function isBehind(marker: StreamMarker | undefined, head: number): boolean {
  return head !== (marker?.position ?? 0) || marker?.seen !== undefined;
}

/** Forgets how far a stream was read, so that it is read from its beginning. */
export async function dropStreamMarker(tx: Transaction, parent: string, stream: string): Promise<void> {
  await tx.run(dropOne, [parent, stream]);
}

/** Sets a marker to any place; only ever in the transaction that makes what it claims true. */
export async function putStreamMarker(
  tx: Transaction,
  parent: string,
  stream: string,
  marker: StreamMarker,
  now: number,
): Promise<void> {
  await tx.run(putOne, [parent, stream, marker.epoch, marker.position, marker.entryDigest, marker.head, now]);
  await notePlace(tx, parent, stream, marker);
}
