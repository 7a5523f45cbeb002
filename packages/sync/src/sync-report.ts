import type { AuditTally } from "./audit-trail/audit-trail-sender.ts";
import type { LineFailure } from "./parent-line.ts";
import type { Traffic } from "./pull/parent-connection.ts";
import type { PullTally } from "./pull/pull-tally.ts";
import type { StreamMarker } from "./pull/stream-marker.ts";
import type { PushTally } from "./push/settle-unit.ts";

/**
 * How a round ended: `complete` (nothing is left to send or take), `partial` (all but what waits), `interrupted` (broken
 * off, to be gone on with), or `refused` (by the parent, until somebody acts).
 */
export type SyncOutcome = "complete" | "partial" | "interrupted" | "refused";

interface Round extends Readonly<Traffic> {
  readonly status: SyncOutcome;
  readonly parent: string;
  readonly tookMs: number;
  /** Why it was broken off. */
  readonly error: LineFailure | undefined;
}

/** What one pull did, and where it stands. */
export interface PullReport extends Round, Readonly<PullTally> {
  readonly marker: StreamMarker | undefined;
  /** Records that wait, those of earlier pulls included. */
  readonly waiting: number;
  /** Records that changed at the parent and whose type is not pulled by itself. */
  readonly heldBack: number;
  /** What kept a side stream, such as that of conflicts, from its end; the records are not concerned. */
  readonly sideError: LineFailure | undefined;
}

/** What one push did, and what is left. */
export interface PushReport extends Round, Readonly<PushTally> {
  /** What kept decisions about conflicts from the parent; the records are not concerned. */
  readonly sideError: LineFailure | undefined;
  /** Units that have no verdict yet, those included that are still to be taken back from the parent. */
  readonly queued: number;
  /** Units that the parent refused. */
  readonly refused: number;
  /** Units that wait at the parent for a record to which they refer. */
  readonly parked: number;
  /** Units that were stepped over, since the parent failed on them; they are sent again after a while. */
  readonly delayed: number;
  /** Decisions about conflicts that the parent could take and has not, and those that it refused. */
  readonly decisions: number;
  /** Units that stay because their types are not pushed by themselves. */
  readonly heldBack: number;
}

/** What one telling of the audit trail came to; `partial` when a chain was refused and another one begun. */
export interface AuditReport extends Round, Readonly<AuditTally> {}
