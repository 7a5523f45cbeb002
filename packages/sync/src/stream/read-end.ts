import type { Reader } from "@tributary/database";
import { readFeedHead, readFeedRange, readLogIdentity, streamFeed } from "@tributary/events";
import { streamEntryOf } from "./read-stream-page.ts";
import { entryDigestOf } from "./stream-entry.ts";
import type { StreamPlace } from "./stream-place.ts";

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
