import {
  type AssignOutcome,
  assigneeLengthMax,
  type Conflict,
  type ResolveOutcome,
  reasonLengthMax,
  type UndoOutcome,
} from "@tributary/sync";
import { refuse } from "../refuse.ts";
import type { RequestRefused } from "../request-refused.ts";
import { toldIssues } from "./told-issues.ts";

const cannotBe = { status: 422, code: "RESOLUTION_REFUSED" } as const;
const unknown = { status: 404, code: "CONFLICT_UNKNOWN" } as const;

/** Why nothing came of a decision, for whoever made it. */
export function notResolved(
  conflict: Conflict,
  outcome: Exclude<ResolveOutcome, { readonly kind: "resolved" | "already-resolved" }>,
): RequestRefused {
  const reference = referenceOf(conflict);
  switch (outcome.kind) {
    case "unknown":
      return gone(conflict);
    case "reason-refused":
      return refuse(cannotBe, "reason-length", { most: String(reasonLengthMax) });
    case "record-absent":
      return refuse(cannotBe, "record-not-come", { reference });
    case "foreign":
      return refuse(cannotBe, "decision-not-ours", { diagnostics: outcome.diagnostics });
    case "element-gone":
      return refuse(cannotBe, "element-gone", { reference, element: conflict.element.path });
    case "invalid":
      return refuse(cannotBe, "decision-not-valid", { reference, issues: toldIssues(outcome.issues) });
  }
}

/** Why a decision was not taken back. */
export function notUndone(
  conflict: Conflict,
  outcome: Exclude<UndoOutcome, { readonly kind: "undone" | "already-open" }>,
): RequestRefused {
  const reference = referenceOf(conflict);
  const { path } = conflict.element;
  switch (outcome.kind) {
    case "edited-since":
      return refuse({ status: 409, code: "RESOLUTION_REFUSED" }, "edited-since", { reference, element: path });
    case "value-unknown":
      return refuse(cannotBe, "value-not-kept", { reference, element: path });
    case "invalid":
      return refuse(cannotBe, "undo-not-valid", { reference, issues: toldIssues(outcome.issues) });
    case "foreign":
      return refuse(cannotBe, "decision-not-ours", { diagnostics: outcome.diagnostics });
    case "not-decided-by-anybody":
      return conflict.supersededBy === null
        ? refuse(cannotBe, "settled-by-rule", {})
        : refuse(cannotBe, "superseded-by", { conflict: conflict.supersededBy });
    case "record-absent":
      return refuse(cannotBe, "record-not-come", { reference });
    case "reason-refused":
      return refuse(cannotBe, "reason-length", { most: String(reasonLengthMax) });
    case "unknown":
      return gone(conflict);
  }
}

/** Why nobody was given a conflict. */
export function notAssigned(
  outcome: Exclude<AssignOutcome, { readonly kind: "assigned" | "unchanged" }>,
): RequestRefused {
  switch (outcome.kind) {
    case "not-open":
      return refuse(cannotBe, "conflict-not-open", { state: outcome.conflict.state });
    case "name-refused":
      return refuse(cannotBe, "assignee-length", { most: String(assigneeLengthMax) });
    case "unknown":
      return refuse(unknown, "conflict-gone", {});
  }
}

function referenceOf({ type, id }: Conflict): string {
  return `${type}/${id}`;
}

function gone({ conflictId }: Conflict): RequestRefused {
  return refuse(unknown, "conflict-unknown", { conflict: conflictId });
}
