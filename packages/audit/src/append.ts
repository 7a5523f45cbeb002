import { bulkInsert, type Transaction } from "@tributary/database";
import type { AuditDraft } from "./audit-entry.ts";
import { draftColumns, valuesOfDraft } from "./draft-columns.ts";

const insertEntries = bulkInsert("audit_entries", { node: "text", ...draftColumns });

/**
 * Writes what was done in the very transaction that did it, so that a change and its trace are both there or neither.
 *
 * It takes no lock that another writer could wait for: an entry gets its place in the chain after the commit, when it is
 * sealed.
 */
export async function appendAudit(tx: Transaction, node: string, drafts: readonly AuditDraft[]): Promise<void> {
  await insertEntries(
    tx,
    drafts.map((draft) => [node, ...valuesOfDraft(draft)]),
  );
}
