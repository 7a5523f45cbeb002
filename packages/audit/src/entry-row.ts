import type { AuditEntry, AuditOperation } from "./audit-entry.ts";

/** An entry as the table spells it. */
export interface EntryRow {
  readonly entry_id: number;
  readonly node: string;
  readonly at: number;
  readonly actor: string;
  readonly operation: string;
  readonly reference: string | null;
  readonly version_before: number | null;
  readonly version_after: number | null;
  readonly link: string | null;
  readonly operation_id: string | null;
  readonly outcome: string;
  readonly error: string | null;
  readonly position: number | null;
  readonly chain_hash: string | null;
}

export const entryColumnNames = [
  "entry_id",
  "node",
  "at",
  "actor",
  "operation",
  "reference",
  "version_before",
  "version_after",
  "link",
  "operation_id",
  "outcome",
  "error",
  "position",
  "chain_hash",
] as const satisfies readonly (keyof EntryRow)[];

/** The columns of an entry, in the order of `EntryRow`. */
export const entryColumns = entryColumnNames.join(", ");

export function entryOf(row: EntryRow): AuditEntry {
  return {
    entryId: row.entry_id,
    node: row.node,
    at: row.at,
    actor: row.actor,
    operation: row.operation as AuditOperation,
    reference: row.reference,
    versionBefore: row.version_before,
    versionAfter: row.version_after,
    link: row.link,
    operationId: row.operation_id,
    outcome: row.outcome,
    error: row.error,
    position: row.position,
    chainHash: row.chain_hash,
  };
}
