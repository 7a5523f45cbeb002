import type { Transaction } from "@tributary/database";
import type { ResourceStore, StoredVersion } from "@tributary/fhir";
import type { Conflict } from "./conflict.ts";
import { readConflict } from "./conflicts.ts";

/** A conflict and its record, which nobody else changes before the transaction ends. */
export type LockedConflict =
  | { readonly kind: "locked"; readonly conflict: Conflict; readonly current: StoredVersion }
  | { readonly kind: "unknown" }
  /** The record itself has not come to this node, so that nothing can be put into it here. */
  | { readonly kind: "record-absent" };

/** Locks the record of a conflict, under which alone the conflict is decided and opened, and reads both. */
export async function lockConflict(tx: Transaction, store: ResourceStore, conflictId: string): Promise<LockedConflict> {
  const seen = await readConflict(tx, conflictId);
  if (!seen) return { kind: "unknown" };
  const { type, id } = seen;
  const current = (await store.readForChange(tx, [{ type, id }])).get(`${type}/${id}`);
  if (!current) return { kind: "record-absent" };
  // Whoever held the record's lock may have changed the row meanwhile.
  return { kind: "locked", conflict: (await readConflict(tx, conflictId)) ?? seen, current };
}
