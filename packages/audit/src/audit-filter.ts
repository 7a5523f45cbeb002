import type { AuditOperation } from "./audit-entry.ts";

/** What became of a record's versions: it began, went on, was deleted, or no version was made. */
export type AuditChange = "create" | "update" | "delete" | "none";

/** Which entries are asked for; what is left out is not asked about. */
export interface AuditFilter {
  readonly actor?: string;
  /** The node that wrote the entry. */
  readonly node?: string;
  /** `Type/id` of the record concerned. */
  readonly reference?: string;
  readonly operation?: AuditOperation;
  readonly outcome?: string;
  readonly outcomesExcept?: readonly string[];
  readonly change?: AuditChange;
  /** Whether it concerns a record, or the node itself. */
  readonly isOfRecord?: boolean;
  /** Only entries that have their place in a chain. */
  readonly isSealed?: boolean;
  /** Told at this moment or later, in milliseconds since 1970. */
  readonly since?: number;
  /** Told before this moment, in milliseconds since 1970. */
  readonly until?: number;
}
