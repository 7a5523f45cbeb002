import type { Reader } from "@tributary/database";
import { visibilityOf } from "../catchment/visibility.ts";
import { conflictsStream } from "../conflict/conflict-changed.ts";

/**
 * Streams that every child may follow: their entries name things and tell nothing of them. What they are about is asked
 * for apart, and answered as far as the child may see it.
 */
export const openStreams: ReadonlySet<string> = new Set([conflictsStream]);

/** The streams that a child follows beside that of its records. */
export async function sideStreamsOf(reader: Reader, node: string): Promise<readonly string[]> {
  const { streams, mainStream } = await visibilityOf(reader, node);
  return [...openStreams, ...[...streams].filter((stream) => stream !== mainStream && !openStreams.has(stream))];
}
