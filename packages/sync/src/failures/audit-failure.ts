import { type AuditDraft, auditDraft } from "@tributary/audit";
import type { FailureAlone } from "./failure.ts";

/** The trace of what somebody decided about a failure: one entry for each record concerned. */
export function auditOfFailure(
  failure: FailureAlone,
  link: string,
  { author, now }: { readonly author: string; readonly now: number },
  { outcome, error }: { readonly outcome: string; readonly error: string | null },
): AuditDraft[] {
  return failure.references.map((reference) =>
    auditDraft({
      at: now,
      actor: author,
      operation: "manual",
      reference,
      link,
      operationId: failure.failureId,
      outcome,
      error,
    }),
  );
}
