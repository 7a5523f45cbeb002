import type { Reader } from "@tributary/database";
import { parseMarkerHeader, writeMarkerHeader } from "./marker-header.ts";
import { type NamedPlace, readEnd } from "./stream-place.ts";

/** Header in which a parent tells with records where the child's stream ended when they were read. */
export const streamEndHeader = "tributary-stream-end";

/**
 * The end of a stream in the same snapshot as the records of an answer, which may be ahead of what the child has read of
 * the stream; `undefined` of an empty one.
 */
export async function readStreamEnd(reader: Reader, stream: string): Promise<NamedPlace | undefined> {
  const end = await readEnd(reader, stream);
  return end.entryDigest === null ? undefined : { stream, ...end };
}

/** `everything=epoch:45:digest`, or no header. */
export function tellStreamEnd(end: NamedPlace | undefined): Readonly<Record<string, string>> {
  return end ? { [streamEndHeader]: `${end.stream}=${writeMarkerHeader(end)}` } : {};
}

/** Reads the header; what is missing or malformed in it tells nothing. */
export function parseStreamEnd(text: string | undefined): NamedPlace | undefined {
  const [, stream, told] = /^([\w.-]{1,80})=(.+)$/.exec(text ?? "") ?? [];
  const marker = parseMarkerHeader(told);
  return stream !== undefined && marker ? { stream, ...marker } : undefined;
}
