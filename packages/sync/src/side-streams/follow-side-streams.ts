import type { Database } from "@tributary/database";
import type { Clock, Logger } from "@tributary/kernel";
import { meetingOtherHistory } from "../other-history.ts";
import { type LineFailure, lineFailureOf } from "../parent-line.ts";
import type { ParentConnection } from "../pull/parent-connection.ts";
import { ParentSource } from "../pull/parent-source.ts";
import { noteStreamEnds, type ReadSomewhere } from "../pull/seen-places.ts";
import {
  advanceStreamMarker,
  dropStreamMarker,
  isBehind,
  readStreamMarker,
  type StreamMarker,
} from "../pull/stream-marker.ts";
import { replicate, type Source, type Target } from "../replicate.ts";
import type { StreamEntry } from "../stream/stream-entry.ts";
import type { SideStream } from "./side-stream.ts";

export interface FollowOptions {
  readonly database: Database;
  readonly parent: string;
  readonly connection: ParentConnection;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long each stream is, as the parent has just told. */
  readonly heads: ReadonlyMap<string, number>;
  /** Where the stream of records has just been read to; its epoch is that of all streams. */
  readonly main: StreamMarker | undefined;
}

/**
 * Brings each side stream to the head that the parent told; those that are there already cost no request. What fails in
 * one of them is logged and told, and keeps neither the others nor the records from going on.
 */
export async function followSideStreams(
  streams: readonly SideStream[],
  options: FollowOptions,
  signal: AbortSignal,
): Promise<LineFailure | undefined> {
  let failure: LineFailure | undefined;
  for (const stream of streams) {
    try {
      if (await isToBeRead(stream.name, options)) await follow(stream, options, signal);
    } catch (error) {
      const told = lineFailureOf(error, signal);
      const { parent, logger } = options;
      logger.warn({ parent, stream: stream.name, code: told.code }, "A side stream was broken off.");
      failure ??= told;
    }
  }
  return failure;
}

async function isToBeRead(stream: string, { database, parent, heads, main }: FollowOptions): Promise<boolean> {
  const head = heads.get(stream);
  if (head === undefined) return false;
  const marker = await readStreamMarker(database, parent, stream);
  return isBehind(marker, head) || (marker !== undefined && main !== undefined && marker.epoch !== main.epoch);
}

async function follow(stream: SideStream, options: FollowOptions, signal: AbortSignal): Promise<void> {
  const { database, parent, connection, clock, logger } = options;
  const pages = new ParentSource(connection, stream.name, clock);
  const source: Source<StreamEntry, ReadSomewhere, StreamMarker> = {
    stretches: (after) => pages.stretches(after, signal),
    fetch: (entries) => stream.fetch(connection, entries, signal),
  };
  const target = targetOf(stream, options);
  await meetingOtherHistory(
    () => replicate(source, target, signal),
    async () => {
      logger.warn({ parent, stream: stream.name, code: "EPOCH_CHANGED" }, "A side stream has another history.");
      await database.transaction(async (tx) => {
        await dropStreamMarker(tx, parent, stream.name);
        await stream.forgetHistory(tx);
      });
    },
  );
}

function targetOf(
  stream: SideStream,
  { database, parent, clock }: FollowOptions,
): Target<StreamEntry, ReadSomewhere, StreamMarker> {
  return {
    marker: () => readStreamMarker(database, parent, stream.name),
    select: (entries) => stream.select(database, entries),
    apply: ({ contents, missing, through }) =>
      database.transaction(async (tx) => {
        if (contents.length + missing.length > 0) await stream.take(tx, { contents, missing });
        if (through) await advanceStreamMarker(tx, parent, stream.name, through, clock.now());
        await noteStreamEnds(tx, parent, [...contents, ...missing]);
      }),
  };
}
