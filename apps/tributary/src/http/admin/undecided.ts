import { TributaryError } from "@tributary/kernel";
import {
  type AssignOutcome,
  assigneeLengthMax,
  type Conflict,
  type ResolveOutcome,
  reasonLengthMax,
  type UndoOutcome,
} from "@tributary/sync";
import { RequestRefused } from "../request-refused.ts";

const keeping = "open the conflict and leave the record as it is, with keepValue (--keep-value on the command line)";

/** Why nothing came of a decision, for whoever made it. */
export function notResolved(
  conflict: Conflict,
  outcome: Exclude<ResolveOutcome, { readonly kind: "resolved" | "already-resolved" }>,
): Error {
  const reference = referenceOf(conflict);
  switch (outcome.kind) {
    case "unknown":
      return gone(conflict);
    case "reason-refused":
      return refused(`A reason has 1 to ${reasonLengthMax} characters.`);
    case "record-absent":
      return refused(`${reference} has not come to this node yet; pull first.`);
    case "foreign":
      return refused(outcome.diagnostics);
    case "element-gone":
      return refused(`${reference} has nothing any more where ${conflict.element.path} was.`);
    case "invalid":
      return refused(`${reference} would not be valid: ${sentencesOf(outcome.issues)}`);
  }
}

/** Why a decision was not taken back. */
export function notUndone(
  conflict: Conflict,
  outcome: Exclude<UndoOutcome, { readonly kind: "undone" | "already-open" }>,
): Error {
  const reference = referenceOf(conflict);
  const { path } = conflict.element;
  switch (outcome.kind) {
    case "edited-since": {
      const sentence = `${path} of ${reference} has been edited since. Edit the record, or ${keeping}.`;
      return new RequestRefused({ status: 409, code: "RESOLUTION_REFUSED", sentence });
    }
    case "value-unknown":
      return refused(`What ${path} of ${reference} said before was not kept. Edit the record, or ${keeping}.`);
    case "invalid":
      return refused(`${reference} would not be valid with what it said before: ${sentencesOf(outcome.issues)}`);
    case "foreign":
      return refused(outcome.diagnostics);
    case "not-decided-by-anybody":
      return refused(
        conflict.supersededBy === null
          ? "A rule has settled this conflict; edit the record to change it."
          : `The decision of ${conflict.supersededBy} superseded it; take that one back.`,
      );
    case "record-absent":
      return refused(`${reference} has not come to this node yet; pull first.`);
    case "reason-refused":
      return refused(`A reason has 1 to ${reasonLengthMax} characters.`);
    case "unknown":
      return gone(conflict);
  }
}

/** Why nobody was given a conflict. */
export function notAssigned(outcome: Exclude<AssignOutcome, { readonly kind: "assigned" | "unchanged" }>): Error {
  switch (outcome.kind) {
    case "not-open":
      return refused(`The conflict is ${outcome.conflict.state} and waits for nobody.`);
    case "name-refused":
      return refused(`A name has 1 to ${assigneeLengthMax} characters.`);
    case "unknown":
      return new TributaryError("CONFLICT_UNKNOWN", "This node has no such conflict any more.");
  }
}

function referenceOf({ type, id }: Conflict): string {
  return `${type}/${id}`;
}

function sentencesOf(issues: readonly { readonly diagnostics: string }[]): string {
  return issues.map(({ diagnostics }) => diagnostics).join(" ");
}

function refused(sentence: string): RequestRefused {
  return new RequestRefused({ status: 422, code: "RESOLUTION_REFUSED", sentence });
}

function gone({ conflictId }: Conflict): TributaryError {
  return new TributaryError("CONFLICT_UNKNOWN", `There is no conflict ${conflictId}.`);
}
