import { type AuditDraft, auditDraft } from "@tributary/audit";

/** The audit entry of a file that was written or taken in: when, by whom, between which nodes, and the file's name. */
export function carriedAudit(told: {
  readonly at: number;
  readonly actor: string;
  /** The node at the other end. */
  readonly link: string;
  readonly name: string;
  readonly outcome: string;
  readonly error?: string;
}): AuditDraft {
  const { at, actor, link, name, outcome, error = null } = told;
  return auditDraft({
    at,
    actor,
    operation: error === null ? "manual" : "failed-attempt",
    link,
    operationId: name,
    outcome,
    error,
  });
}
