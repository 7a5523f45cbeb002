import type { ResourceKey } from "@tributary/fhir";
import type { Direction } from "../control/direction.ts";
import type { Selection } from "./selection.ts";

/** Which records somebody wants in step now, and which ways. */
export interface ManualRequest {
  readonly selection: Selection;
  /** At least one; a push goes before a pull. */
  readonly directions: readonly Direction[];
}

/**
 * How the synchronization of one record by hand ended: as verdicts and failures say it, `queued` when the line broke
 * before there was an answer (it is sent in the next round), and `not-found` where there was nothing to take it from.
 */
export type ManualOutcome = "applied" | "unchanged" | "merged" | "parked" | "rejected" | "queued" | "not-found";

/** What came of one record in one direction. */
export interface ManualResult extends ResourceKey {
  readonly direction: Direction;
  readonly outcome: ManualOutcome;
  /** The conflicts that a merge has left open. */
  readonly conflicts: number;
  /** Why it was parked or rejected: a code, or the parent's sentence with identifiers and codes. */
  readonly reason: string | null;
}
