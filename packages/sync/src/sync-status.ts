import type { Reader } from "@tributary/database";
import { readFeedHead, streamFeed } from "@tributary/events";
import { type Beginning, readBeginning } from "./bootstrap/snapshot-progress.ts";
import { countOpenConflicts } from "./conflict/conflicts.ts";
import { countQueuedDecisions } from "./conflict/decide/decision-queue.ts";
import { countRefusedDecisions } from "./conflict/decide/refused-decisions.ts";
import { countHeldPulls } from "./control/held-pulls.ts";
import { type Pause, readLinkPauses } from "./control/pauses.ts";
import { listChildNodes } from "./enrolment/child-nodes.ts";
import { readParentLink } from "./enrolment/parent-link.ts";
import { everythingStream } from "./line/protocol.ts";
import { countFailedPulls } from "./pull/failed-pulls.ts";
import { readSideMarkers, readStreamMarker, type SideMarker } from "./pull/stream-marker.ts";
import { countQueuedUnits } from "./push/queue/count-units.ts";
import { type OwnReach, readOwnReach } from "./tiers/own-reach.ts";
import { type KeptVerification, readVerification } from "./verify/verifications.ts";

/** Where a child stands, as its parent sees it. */
export interface ChildStatus {
  readonly node: string;
  readonly isRevoked: boolean;
  /** Milliseconds since 1970; `null` before the first contact. */
  readonly lastSeenAt: number | null;
  /** Entries of its stream that it had not read by then; `null` before the first contact. */
  readonly behind: number | null;
}

/** Where this node stands towards its parent. */
export interface ParentStatus {
  readonly parent: string;
  readonly url: string;
  readonly lastPullAt: number | null;
  readonly lastOutcome: string | null;
  readonly lastError: string | null;
  readonly position: number;
  readonly head: number;
  /** Records that could not be taken in yet. */
  readonly waiting: number;
  /** Units of own changes that have no verdict yet, and units that the parent refused. */
  readonly unsent: number;
  readonly refused: number;
  /** Units that wait at the parent for a record to which they refer. */
  readonly parked: number;
  /** Units that were stepped over, since the parent failed on them. */
  readonly delayed: number;
  /** Decisions about conflicts that have no answer yet, and those that the parent refused. */
  readonly decisions: { readonly waiting: number; readonly refused: number };
  /** The streams beside that of the records: side streams, and metadata. */
  readonly sides: readonly SideMarker[];
  /** How far up this node's operations have come. */
  readonly reach: OwnReach;
  readonly clockOffsetMs: number;
  /** The directions that somebody has paused. */
  readonly pauses: readonly Pause[];
  /** Records that changed at the parent and whose type is not pulled by itself, by type. */
  readonly heldPulls: Readonly<Record<string, number>>;
  /** The last comparison of all records with the parent's; `null` before the first. */
  readonly verified: KeptVerification | null;
  /** How much of a snapshot has been taken in, while the node begins; `null` otherwise. */
  readonly beginning: Beginning | null;
}

/** A node's links in both directions; a hub has both. */
export interface SyncStatus {
  readonly parent: ParentStatus | undefined;
  readonly children: readonly ChildStatus[];
  /** Contested elements that wait for a decision here. */
  readonly openConflicts: number;
}

/** Reads how far a node is in step with its parent and its children with it. */
export async function readSyncStatus(reader: Reader, self: string): Promise<SyncStatus> {
  const head = await readFeedHead(reader, streamFeed(everythingStream));
  const children = await listChildNodes(reader);
  return {
    parent: await readParentStatus(reader, self),
    openConflicts: await countOpenConflicts(reader),
    children: children.map((child) => ({
      node: child.node,
      isRevoked: child.revokedAt !== null,
      lastSeenAt: child.lastSeenAt,
      behind: child.markerPosition === null ? null : Math.max(0, head - child.markerPosition),
    })),
  };
}

async function readParentStatus(reader: Reader, self: string): Promise<ParentStatus | undefined> {
  const link = await readParentLink(reader);
  if (!link) return undefined;
  const marker = await readStreamMarker(reader, link.parent, link.stream);
  const units = await countQueuedUnits(reader, link.parent);
  return {
    parent: link.parent,
    url: link.url,
    lastPullAt: link.lastPullAt,
    lastOutcome: link.lastOutcome,
    lastError: link.lastError,
    position: marker?.position ?? 0,
    head: marker?.head ?? 0,
    waiting: await countFailedPulls(reader, link.parent),
    unsent: units.waiting + units.discarded,
    refused: units.rejected,
    parked: units.parked,
    delayed: units.delayed,
    decisions: {
      waiting: await countQueuedDecisions(reader),
      refused: await countRefusedDecisions(reader, link.parent),
    },
    sides: await readSideMarkers(reader, link.parent, link.stream),
    reach: await readOwnReach(reader, link.parent, self),
    clockOffsetMs: link.clockOffsetMs,
    pauses: await readLinkPauses(reader),
    heldPulls: await countHeldPulls(reader, link.parent),
    verified: (await readVerification(reader, link.parent)) ?? null,
    beginning: await readBeginning(reader, link.parent),
  };
}
