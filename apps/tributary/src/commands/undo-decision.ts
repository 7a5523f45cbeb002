import { TributaryError } from "@tributary/kernel";
import { type Conflict, findConflict, reasonLengthMax, type UndoOutcome, undoDecision } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { authorOf, type ConflictsOptions, foundConflict } from "./conflicts.ts";
import { openNodeAt } from "./node-at.ts";

export interface UndoDecisionOptions extends ConflictsOptions {
  readonly reason: string;
  /** Leaves the record as it is. */
  readonly keepValue?: boolean;
  /** Who takes it back. */
  readonly as?: string;
}

/** `tributary conflicts undo`: takes a decision back; the node may be running meanwhile. */
export async function undoOneDecision(id: string, options: UndoDecisionOptions, terminal: Terminal): Promise<void> {
  await using node = await openNodeAt(options.dir, terminal);
  const { database, store, id: nodeId, clock, random } = node;
  const conflict = foundConflict(await findConflict(database, id), id);
  const request = {
    conflictId: conflict.conflictId,
    reason: options.reason,
    author: authorOf(options, terminal),
    isKeepingValue: options.keepValue ?? false,
  };
  const outcome = await database.transaction((tx) => undoDecision(tx, { store, nodeId, clock, random }, request));
  const sentence = sentenceOf(outcome, conflict);
  terminal.print(options.json ? losslessJson(outcome) : sentence);
}

/** What the outcome means to whoever typed the command; throws when nothing came of it. */
function sentenceOf(outcome: UndoOutcome, { conflictId, type, id, element, link, supersededBy }: Conflict): string {
  const reference = `${type}/${id}`;
  const refused = (sentence: string) => new TributaryError("RESOLUTION_REFUSED", sentence);
  const keeping = "`--keep-value` opens the conflict and leaves the record as it is";
  switch (outcome.kind) {
    case "undone": {
      const did = outcome.isChanged ? `${reference} says what it said before` : `${reference} stays as it is`;
      return `Taken back: ${did}, and the conflict is open.${link === null ? "" : ` ${link} is told with the next push.`}`;
    }
    case "already-open":
      return "Nothing to do: the conflict is open.";
    case "edited-since":
      throw refused(`${element.path} of ${reference} has been edited since. Edit the record, or ${keeping}.`);
    case "value-unknown":
      throw refused(`What ${element.path} of ${reference} said before was not kept. Edit the record, or ${keeping}.`);
    case "invalid": {
      const why = outcome.issues.map(({ diagnostics }) => diagnostics).join(" ");
      throw refused(`${reference} would not be valid with what it said before: ${why}`);
    }
    case "foreign":
      throw refused(outcome.diagnostics);
    case "not-decided-by-anybody":
      throw refused(
        supersededBy === null
          ? "A rule has settled this conflict; edit the record to change it."
          : `The decision of ${supersededBy} superseded it; take that one back.`,
      );
    case "record-absent":
      throw refused(`${reference} has not come to this node yet; pull first.`);
    case "reason-refused":
      throw refused(`A reason has 1 to ${reasonLengthMax} characters.`);
    case "unknown":
      throw new TributaryError("CONFLICT_UNKNOWN", `There is no conflict ${conflictId}.`);
  }
}
