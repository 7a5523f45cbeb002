import type { Reader } from "@tributary/database";
import { conflictsOfCatchment, conflictsStream } from "../../conflict/conflict-changed.ts";
import { type Visibility, visibilityOf } from "../visibility.ts";

/**
 * What a child's streams are called here, by the names under which it follows them. A child of a catchment asks for
 * `conflicts` like every other, and is served those of its catchment; what is not named here does not exist for it.
 */
export function streamsOfChild({ catchment, isEverything, streams }: Visibility): ReadonlyMap<string, string> {
  const own = new Map([...streams].map((stream) => [stream, stream]));
  if (catchment === undefined) return own;
  return own.set(conflictsStream, isEverything ? conflictsStream : conflictsOfCatchment(catchment));
}

/** The names of the streams that a child follows beside that of its records. */
export async function sideStreamsOf(reader: Reader, node: string): Promise<readonly string[]> {
  const visibility = await visibilityOf(reader, node);
  return [...streamsOfChild(visibility).keys()].filter((stream) => stream !== visibility.mainStream);
}
