import { type Reader, sql, type Transaction } from "@tributary/database";
import type { StreamPlace } from "../stream/stream-place.ts";
import { notePlace } from "../stream/stream-trail.ts";
import { forgetPassedPlaces, forgetSeenPlaces, readSeenPlaces } from "./seen-places.ts";

/** How far a child has read a stream: everything up to `position` is applied, or durably noted as failed. */
export interface StreamMarker extends StreamPlace {
  /** The stream's last position when it was last seen. */
  readonly head: number;
  /** Where the stream ended when something was read that is here, as far as that lies beyond `position`; the first first. */
  readonly seen?: readonly StreamPlace[];
}

interface MarkerRow {
  readonly epoch: string;
  readonly position: number;
  readonly entry_digest: string | null;
  readonly head: number;
}

const readSides = sql(`
  select stream, position, head, moved_at
  from stream_markers
  where parent = $1 and stream <> $2
  order by stream`);
const readOne = sql(`
  select epoch, position, entry_digest, head
  from stream_markers where parent = $1 and stream = $2`);
const put = `
  insert into stream_markers (parent, stream, epoch, position, entry_digest, head, moved_at)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (parent, stream) do update set
    epoch = excluded.epoch, position = excluded.position, entry_digest = excluded.entry_digest,
    head = excluded.head, moved_at = excluded.moved_at`;
const putOne = sql(put);
const advanceOne = sql(`${put}
  where stream_markers.epoch <> excluded.epoch or stream_markers.position <= excluded.position`);
const dropOne = sql("delete from stream_markers where parent = $1 and stream = $2");

export async function readStreamMarker(
  reader: Reader,
  parent: string,
  stream: string,
): Promise<StreamMarker | undefined> {
  const row = await reader.first<MarkerRow>(readOne, [parent, stream]);
  if (!row) return undefined;
  const { epoch, position, entry_digest: entryDigest, head } = row;
  const seen = await readSeenPlaces(reader, parent, stream);
  return { epoch, position, entryDigest, head, ...(seen.length > 0 && { seen }) };
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
  if (moved === 0) return;
  await notePlace(tx, parent, stream, marker);
  await forgetPassedPlaces(tx, parent, stream, marker);
}

/** Whether a stream of that length has something new behind a marker, or is not the one that was read. */
export function isBehind(marker: StreamMarker | undefined, head: number): boolean {
  return head !== (marker?.position ?? 0) || marker?.seen !== undefined;
}

/** Forgets how far a stream was read, so that it is read from its beginning. */
export async function dropStreamMarker(tx: Transaction, parent: string, stream: string): Promise<void> {
  await tx.run(dropOne, [parent, stream]);
  await forgetSeenPlaces(tx, parent, stream);
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
  await forgetSeenPlaces(tx, parent, stream);
  await notePlace(tx, parent, stream, marker);
}
