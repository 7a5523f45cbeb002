import type { ErrorCode } from "@tributary/kernel";
import type { PullTally } from "./local-target.ts";
import type { Traffic } from "./parent-connection.ts";
import type { StreamMarker } from "./stream-marker.ts";

/**
 * How a pull ended: `complete` (everything the parent announced is here), `partial` (all but the records that wait),
 * `interrupted` (broken off at the marker, to be gone on with), or `refused` (by the parent, until somebody acts).
 */
export type PullStatus = "complete" | "partial" | "interrupted" | "refused";

/** What one pull did, and where it stands. */
export interface PullReport extends Readonly<PullTally>, Readonly<Traffic> {
  readonly status: PullStatus;
  readonly parent: string;
  readonly marker: StreamMarker | undefined;
  /** Records that wait, those of earlier pulls included. */
  readonly waiting: number;
  readonly tookMs: number;
  /** Why it is not complete. */
  readonly error: { readonly code: ErrorCode; readonly message: string } | undefined;
}
