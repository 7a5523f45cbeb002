import { auditOperations } from "@tributary/admin-api";
import { TributaryError } from "@tributary/kernel";
import type { AdminOptions } from "../admin-connection/open-admin.ts";

/** What the commands about the audit trail were given to choose entries by, as text. */
export interface AuditFilterOptions extends AdminOptions {
  readonly actor?: string;
  /** The name of a node. */
  readonly writtenBy?: string;
  readonly reference?: string;
  readonly operation?: string;
  readonly outcome?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Reads the filters. Throws `CONFIG_INVALID` when one of them cannot be meant. */
export function readAuditFilter({
  actor,
  writtenBy: node,
  reference,
  operation,
  outcome,
  since,
  until,
}: AuditFilterOptions) {
  return {
    ...(actor !== undefined && { actor }),
    ...(node !== undefined && { node }),
    ...(reference !== undefined && { reference }),
    ...(operation !== undefined && { operation: knownOperation(operation) }),
    ...(outcome !== undefined && { outcome }),
    ...(since !== undefined && { since: moment("--since", since) }),
    ...(until !== undefined && { until: moment("--until", until) }),
  };
}

function knownOperation(text: string): (typeof auditOperations)[number] {
  const known = auditOperations.find((one) => one === text);
  if (known) return known;
  throw new TributaryError("CONFIG_INVALID", `--operation is one of ${auditOperations.join(", ")}.`);
}

function moment(name: string, text: string): number {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new TributaryError(
    "CONFIG_INVALID",
    `${name} is a date or a time, such as 2026-01-31 or 2026-01-31T08:00:00Z.`,
  );
}
