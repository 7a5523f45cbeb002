import type { Reader } from "@tributary/database";
import { readFeedHead, readFeedRange, readLogIdentity, streamFeed } from "@tributary/events";
import { streamEntryOf } from "./read-stream-page.ts";
import { entryDigestOf } from "./stream-entry.ts";

/**
 * A place in a stream: by its history, its position, and the entry that stands there. Whoever has another entry at that
 * position has another history, though it bear the same name.
 */
export interface StreamPlace {
  /** The history in which the position counts; in another one it means nothing. */
  readonly epoch: string;
  /** The position of the entry; 0 before the first. */
  readonly position: number;
  /** Digest of that entry; `null` at the beginning. */
  readonly entryDigest: string | null;
}

/** A place, and the stream in which it lies. */
export interface NamedPlace extends StreamPlace {
  readonly stream: string;
}

/** The end of a stream in the history that is here; before the first entry it is the beginning. */
export async function readEnd(reader: Reader, stream: string): Promise<StreamPlace> {
  const { epoch } = await readLogIdentity(reader);
  const position = await readFeedHead(reader, streamFeed(stream));
  return { epoch, position, entryDigest: await digestAt(reader, stream, position) };
}

/** The digest of the entry that stands here at a position; `null` when there is none, as at the beginning. */
export async function digestAt(reader: Reader, stream: string, position: number): Promise<string | null> {
  if (position === 0) return null;
  const [entry] = await readFeedRange(reader, streamFeed(stream), position, position);
  return entry ? entryDigestOf(streamEntryOf(entry)) : null;
}
