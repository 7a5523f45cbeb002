/**
 * How a child stands towards this node; `refused` is one that is not let in, `silent` one that has long said nothing, and
 * `verifying` one that compares all its records with this node's.
 */
export type ChildState = "in-step" | "behind" | "verifying" | "silent" | "refused" | "never-seen";

/** All states, in the order in which they are counted. */
export const childStates: readonly ChildState[] = ["in-step", "behind", "verifying", "silent", "refused", "never-seen"];

/** What decides the state of a child. */
export interface ChildSigns {
  /** Its access was taken away, or two installations are at work under its name. */
  readonly isRefused: boolean;
  readonly lastSeenAt: number | null;
  /** Entries of its stream that it had not read; `null` when it has not read any, or of another history. */
  readonly behind: number | null;
  readonly isVerifying: boolean;
}

/** Tells how a child stands; the first that holds, from `refused` on. Pure. */
export function childStateOf(signs: ChildSigns, now: number, silentAfterMs: number): ChildState {
  if (signs.isRefused) return "refused";
  if (signs.lastSeenAt === null) return "never-seen";
  if (now - signs.lastSeenAt > silentAfterMs) return "silent";
  if (signs.isVerifying) return "verifying";
  return signs.behind === 0 ? "in-step" : "behind";
}
