import type { AuditDraft } from "./audit-entry.ts";

/** What an entry cannot be without. */
type Told = Pick<AuditDraft, "at" | "actor" | "operation" | "outcome">;

/** What an entry has only where there is something to tell. */
const nothing: Omit<AuditDraft, keyof Told> = {
  reference: null,
  versionBefore: null,
  versionAfter: null,
  link: null,
  operationId: null,
  error: null,
};

/**
 * Makes a draft of what there is to tell of a state change; the rest of it is `null`.
 *
 * `auditDraft({ at, actor, operation: "configure", outcome: "pull-paused", link: "centre" })`
 */
export function auditDraft(told: Told & Partial<AuditDraft>): AuditDraft {
  return { ...nothing, ...told };
}
