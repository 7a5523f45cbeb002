import type { Reader } from "@tributary/database";
import { listFeedHeads, readLogIdentity } from "@tributary/events";
import {
  catchmentStream,
  everythingCatchment,
  listAssignments,
  listChildNodes,
  listContestedChildren,
} from "@tributary/sync";
import { type ChildState, childStateOf } from "./child-state.ts";

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
  readonly catchment: string;
}

/** Every child by name, in five statements however many there are. */
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
  return children.map(({ node, enrolledAt, revokedAt, lastSeenAt, markerEpoch, markerPosition }) => {
    const catchment = catchments.get(node) ?? everythingCatchment;
    const head = heads.get(catchmentStream(catchment)) ?? 0;
    const isOfThisHistory = markerPosition !== null && markerEpoch === epoch;
    const behind = isOfThisHistory ? Math.max(0, head - markerPosition) : null;
    const contestedAt = contested.get(node) ?? null;
    const signs = { isRefused: revokedAt !== null || contestedAt !== null, lastSeenAt, behind };
    const state = childStateOf(signs, now, silentAfterMs);
    return { node, state, enrolledAt, revokedAt, contestedAt, lastSeenAt, behind, catchment };
  });
}
