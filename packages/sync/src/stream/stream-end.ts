import type { Database } from "@tributary/database";
import { sequenceCommitted } from "@tributary/events";
import { parseMarkerHeader, writeMarkerHeader } from "./marker-header.ts";
import { readEnd } from "./read-end.ts";
import type { NamedPlace } from "./stream-place.ts";

/** Header in which a parent tells with what was read where the child's stream of it ended then. */
export const streamEndHeader = "tributary-stream-end";

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
