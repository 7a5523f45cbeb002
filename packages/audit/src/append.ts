import { bulkInsert, type Transaction } from "@tributary/database";
import type { AuditDraft } from "./audit-entry.ts";

const insertEntries = bulkInsert("audit_entries", {
  node: "text",
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
});

/**
 * Writes what was done in the very transaction that did it, so that a change and its trace are both there or neither.
 *
 * It takes no lock that another writer could wait for: an entry gets its place in the chain after the commit, when it is
 * sealed.
 */
export async function appendAudit(tx: Transaction, node: string, drafts: readonly AuditDraft[]): Promise<void> {
  await insertEntries(
    tx,
    drafts.map((draft) => [
      node,
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
    ]),
  );
}
