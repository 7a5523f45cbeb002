import type { Transaction } from "@tributary/database";
import { assignConflict } from "./change-conflict.ts";
import type { Conflict } from "./conflict.ts";
import { readConflict } from "./conflicts.ts";
import { enterDecision } from "./enter-decision.ts";
import type { ResolveOptions } from "./resolve-options.ts";

/** Who is to decide about a conflict, and who says so. */
export interface AssignRequest {
  readonly conflictId: string;
  /** Who is to decide, 1 to `assigneeLengthMax` characters; `null` takes an assignment back. */
  readonly assignee: string | null;
  /** The user who says so. */
  readonly author: string;
}

/** What came of assigning a conflict; all but `assigned` have changed nothing. */
export type AssignOutcome =
  | { readonly kind: "assigned"; readonly conflict: Conflict }
  | { readonly kind: "unchanged"; readonly conflict: Conflict }
  /** It waits for nobody any more. */
  | { readonly kind: "not-open"; readonly conflict: Conflict }
  | { readonly kind: "unknown" }
  | { readonly kind: "name-refused" };

/** A person's or a group's name; longer ones are none. */
export const assigneeLengthMax = 200;

/**
 * Says who is to decide an open conflict, with its audit entry, in the caller's transaction. Where the conflict stands
 * at a parent, the parent is told with the next push.
 */
export async function assignOneConflict(
  tx: Transaction,
  options: ResolveOptions,
  { conflictId, assignee, author }: AssignRequest,
): Promise<AssignOutcome> {
  const { store } = options;
  const name = assignee?.trim() ?? null;
  if (name !== null && (name === "" || name.length > assigneeLengthMax)) return { kind: "name-refused" };
  const seen = await readConflict(tx, conflictId);
  if (!seen) return { kind: "unknown" };
  await store.readForChange(tx, [{ type: seen.type, id: seen.id }]);
  const conflict = (await readConflict(tx, conflictId)) ?? seen;
  if (conflict.state !== "open") return { kind: "not-open", conflict };
  if (conflict.assignee === name) return { kind: "unchanged", conflict };
  const assigned = await assignConflict(tx, store.bus, conflict, name);
  const deed = { at: options.clock.now(), author, versionBefore: null, versionAfter: null, outcome: "assigned" };
  await enterDecision(tx, options, assigned, deed, (head) => ({ ...head, kind: "assign", assignee: name }));
  return { kind: "assigned", conflict: assigned };
}
