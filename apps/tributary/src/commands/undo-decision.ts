import { openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import type { ConflictsOptions } from "./conflicts.ts";

export interface UndoDecisionOptions extends ConflictsOptions {
  readonly reason: string;
  /** Leaves the record as it is. */
  readonly keepValue?: boolean;
}

/** `tributary conflicts undo`: takes a decision back; the node may be running meanwhile. */
export async function undoOneDecision(id: string, options: UndoDecisionOptions, terminal: Terminal): Promise<void> {
  const { reason, keepValue } = options;
  await using admin = await openAdmin(options, terminal);
  const undone = await admin.ask("POST /conflicts/:id/undo", { path: { id }, body: { reason, keepValue } });
  if (options.json) return terminal.print(losslessJson(undone));
  if (undone.kind === "already-open") return terminal.print("Nothing to do: the conflict is open.");
  const { type, id: recordId, link } = undone.conflict;
  const reference = `${type}/${recordId}`;
  const did = undone.isChanged ? `${reference} says what it said before` : `${reference} stays as it is`;
  const told = link === null ? "" : ` ${link} is told with the next push.`;
  terminal.print(`Taken back: ${did}, and the conflict is open.${told}`);
}
