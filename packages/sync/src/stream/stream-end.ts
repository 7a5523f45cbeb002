import type { Database } from "@tributary/database";
import { sequenceCommitted } from "@tributary/events";
import { parseMarkerHeader, writeMarkerHeader } from "./marker-header.ts";
import { readEnd } from "./read-end.ts";
import type { NamedPlace } from "./stream-place.ts";

/** Header in which a parent tells with what was read where the child's stream of it ended then. */
export const streamEndHeader = "tributary-stream-end";

/** Streams in one header; an answer is about two at most. */
const endsMax = 4;

/**
 * The end of a stream behind all that was read before the call, which may be ahead of what the child has read of the
 * stream; `undefined` of an empty one. `name` is what the child calls it.
 */
export async function readStreamEnd(
  database: Database,
  stream: string,
  name: string = stream,
): Promise<NamedPlace | undefined> {
  await sequenceCommitted(database);
  const end = await database.snapshot((reader) => readEnd(reader, stream));
  return end.entryDigest === null ? undefined : { stream: name, ...end };
}

/** `everything=epoch:45:digest`, of several streams with commas between; or no header. */
export function tellStreamEnds(...ends: readonly (NamedPlace | undefined)[]): Readonly<Record<string, string>> {
  const told = ends.flatMap((end) => (end ? `${end.stream}=${writeMarkerHeader(end)}` : []));
  return told.length > 0 ? { [streamEndHeader]: told.join(",") } : {};
}

/** Reads the header; what is missing or malformed in it tells nothing. */
export function parseStreamEnds(text: string | undefined): NamedPlace[] {
  return (text ?? "").split(",", endsMax).flatMap((part) => {
    const [, stream, told] = /^([\w.-]{1,80})=(.+)$/.exec(part) ?? [];
    const marker = parseMarkerHeader(told);
    return stream !== undefined && marker ? { stream, ...marker } : [];
  });
}

/** Reads the header of an answer that is about one stream. */
export function parseStreamEnd(text: string | undefined): NamedPlace | undefined {
  return parseStreamEnds(text)[0];
}
