import type { AuditDraft } from "./audit-entry.ts";

/** The columns that hold what a draft says, in every table that keeps entries. */
export const draftColumns = {
  at: "bigint",
  actor: "text",
  operation: "text",
  reference: "text",
  version_before: "bigint",
  version_after: "bigint",
  link: "text",
  operation_id: "text",
  outcome: "text",
  error: "text",
} as const;

/** The values of these columns, in their order. */
export function valuesOfDraft(draft: AuditDraft): readonly (string | number | null)[] {
  return [
    draft.at,
    draft.actor,
    draft.operation,
    draft.reference,
    draft.versionBefore,
    draft.versionAfter,
    draft.link,
    draft.operationId,
    draft.outcome,
    draft.error,
  ];
}
