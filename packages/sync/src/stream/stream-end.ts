import type { Reader } from "@tributary/database";
import { readFeedHead, readFeedRange, readLogIdentity, streamFeed } from "@tributary/events";
import { parseMarkerHeader, type ToldMarker, writeMarkerHeader } from "./marker-header.ts";
import { streamEntryOf } from "./read-stream-page.ts";
import { entryDigestOf } from "./stream-entry.ts";

/** Header in which a parent tells with records where the child's stream ended when they were read. */
export const streamEndHeader = "tributary-stream-end";

/** Where a stream ended when records were read. They may be ahead of what the child has read of the stream. */
export interface StreamEnd extends ToldMarker {
  readonly stream: string;
}

/** The end of a stream in the same snapshot as the records of an answer; `undefined` of an empty one. */
export async function readStreamEnd(reader: Reader, stream: string): Promise<StreamEnd | undefined> {
  const feed = streamFeed(stream);
  const position = await readFeedHead(reader, feed);
  const last = (await readFeedRange(reader, feed, Math.max(1, position), position)).at(-1);
  if (!last) return undefined;
  const { epoch } = await readLogIdentity(reader);
  return { stream, epoch, position, entryDigest: entryDigestOf(streamEntryOf(last)) };
}

/** `everything=epoch:45:digest`, or no header. */
export function tellStreamEnd(end: StreamEnd | undefined): Readonly<Record<string, string>> {
  return end ? { [streamEndHeader]: `${end.stream}=${writeMarkerHeader(end)}` } : {};
}

/** Reads the header; what is missing or malformed in it tells nothing. */
export function parseStreamEnd(text: string | undefined): StreamEnd | undefined {
  const [, stream, told] = /^([\w.-]{1,80})=(.+)$/.exec(text ?? "") ?? [];
  const marker = parseMarkerHeader(told);
  return stream !== undefined && marker ? { stream, ...marker } : undefined;
}
