import type { Reader } from "@tributary/database";
import { type FeedPlace, listFeedHeads, readLogIdentity, readPublishedTimes, streamFeed } from "@tributary/events";
import {
  catchmentStream,
  everythingCatchment,
  listAssignments,
  listChildNodes,
  listContestedChildren,
} from "@tributary/sync";
import { readChildReports, readVerifyingChildren, type ToldReport } from "./child-reports.ts";
import { type ChildState, childStateOf } from "./child-state.ts";

/** A child that asked for something to compare so long ago may still compare it. */
const verifyingMs = 60_000;

/** A child of this node, as an operator sees it. */
export interface NetworkChild {
  readonly node: string;
  readonly state: ChildState;
  readonly enrolledAt: number;
  readonly revokedAt: number | null;
  /** Since when two installations are at work under its name. */
  readonly contestedAt: number | null;
  readonly lastSeenAt: number | null;
  /** Entries of its own stream that it had not read when it was last seen. */
  readonly behind: number | null;
  /** The first of them, where there is one. */
  readonly nextEntry: FeedPlace | null;
  readonly catchment: string;
  /** What it last told of itself; `null` for a child of an earlier version. */
  readonly told: ToldReport | null;
}

/** Every child by name, in seven statements however many there are. */
export async function readNetworkChildren(
  reader: Reader,
  { now, silentAfterMs }: { readonly now: number; readonly silentAfterMs: number },
): Promise<NetworkChild[]> {
  const children = await listChildNodes(reader);
  if (children.length === 0) return [];
  const { epoch } = await readLogIdentity(reader);
  const heads = await listFeedHeads(reader, "stream");
  const catchments = new Map((await listAssignments(reader)).map(({ node, catchment }) => [node, catchment]));
  const contested = new Map((await listContestedChildren(reader)).map(({ node, contestedAt }) => [node, contestedAt]));
  const reports = await readChildReports(reader);
  const verifying = await readVerifyingChildren(reader, now - verifyingMs);
  return children.map(({ node, enrolledAt, revokedAt, lastSeenAt, markerEpoch, markerPosition }) => {
    const catchment = catchments.get(node) ?? everythingCatchment;
    const stream = catchmentStream(catchment);
    const head = heads.get(stream) ?? 0;
    const isOfThisHistory = markerPosition !== null && markerEpoch === epoch;
    const behind = isOfThisHistory ? Math.max(0, head - markerPosition) : null;
    const nextEntry = behind ? { feed: streamFeed(stream), position: (markerPosition ?? 0) + 1 } : null;
    const contestedAt = contested.get(node) ?? null;
    const isRefused = revokedAt !== null || contestedAt !== null;
    const state = childStateOf({ isRefused, lastSeenAt, behind, isVerifying: verifying.has(node) }, now, silentAfterMs);
    const told = reports.get(node) ?? null;
    return { node, state, enrolledAt, revokedAt, contestedAt, lastSeenAt, behind, nextEntry, catchment, told };
  });
}

/** Since when the first entry that each of these children has not read waits, by the child; those in step are left out. */
export async function readBehindSince(
  reader: Reader,
  children: readonly NetworkChild[],
): Promise<ReadonlyMap<string, number>> {
  const places = children.flatMap(({ nextEntry }) => (nextEntry ? [nextEntry] : []));
  const distinct = [...new Map(places.map((place) => [`${place.feed} ${place.position}`, place])).values()];
  const times = await readPublishedTimes(reader, distinct);
  return new Map(
    children.flatMap(({ node, nextEntry }) => {
      const at = nextEntry ? times.get(`${nextEntry.feed} ${nextEntry.position}`) : undefined;
      return at === undefined ? [] : [[node, at] as const];
    }),
  );
}
