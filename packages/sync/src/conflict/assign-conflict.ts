import { appendAudit, auditDraft } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import { newUuid } from "@tributary/kernel";
import { assignConflict } from "./change-conflict.ts";
import type { Conflict } from "./conflict.ts";
import { readConflict } from "./conflicts.ts";
import { queueDecision } from "./decide/decision-queue.ts";
import type { ResolveOptions } from "./resolve-conflict.ts";

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
  { store, nodeId, clock, random }: ResolveOptions,
  { conflictId, assignee, author }: AssignRequest,
): Promise<AssignOutcome> {
  const name = assignee?.trim() ?? null;
  if (name !== null && (name === "" || name.length > assigneeLengthMax)) return { kind: "name-refused" };
  const seen = await readConflict(tx, conflictId);
  if (!seen) return { kind: "unknown" };
  await store.readForChange(tx, [{ type: seen.type, id: seen.id }]);
  const conflict = (await readConflict(tx, conflictId)) ?? seen;
  if (conflict.state !== "open") return { kind: "not-open", conflict };
  if (conflict.assignee === name) return { kind: "unchanged", conflict };
  const assigned = await assignConflict(tx, store.bus, conflict, name);
  const at = clock.now();
  await appendAudit(tx, nodeId, [
    auditDraft({
      at,
      actor: author,
      operation: "resolve",
      reference: `${conflict.type}/${conflict.id}`,
      operationId: conflictId,
      outcome: "assigned",
    }),
  ]);
  if (conflict.link !== null) {
    const told = { decisionId: newUuid(clock, random), conflictId, at, by: author, node: nodeId };
    const { type, id } = conflict;
    await queueDecision(tx, conflict.link, {
      decision: { ...told, kind: "assign", assignee: name },
      type,
      id,
      version: 0,
    });
  }
  return { kind: "assigned", conflict: assigned };
}
