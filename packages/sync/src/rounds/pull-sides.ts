import { metadataStream } from "../catchment/metadata-types.ts";
import { conflictStream } from "../conflict/travel/conflict-stream.ts";
import type { LineFailure, ParentLine } from "../parent-line.ts";
import type { StreamMarker } from "../pull/stream-marker.ts";
import { followSideStreams } from "../side-streams/follow-side-streams.ts";
import type { ChildEnd } from "./child-end.ts";
import { brokenOff } from "./round-outcome.ts";

/** Pulls the streams beside the records, those that the parent has told to be further on; tells what broke one off. */
export async function pullSides(
  child: ChildEnd,
  { link: { parent }, connection, source }: ParentLine,
  main: StreamMarker | undefined,
  signal: AbortSignal,
): Promise<LineFailure | undefined> {
  const { options, catchment } = child;
  const metadata = child.targetFor({ parent, stream: metadataStream });
  const head = source.heads.get(metadataStream);
  const metadataError = await brokenOff(
    catchment.followMetadata({ parent, connection, head }, metadata, signal),
    signal,
  );
  const streams = [conflictStream(options.store.bus, parent)];
  const sideOptions = { ...options, parent, connection, heads: source.heads, main };
  const sideError = await followSideStreams(streams, sideOptions, signal);
  return metadataError ?? sideError;
}
