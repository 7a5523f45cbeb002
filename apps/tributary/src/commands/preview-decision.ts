import type { ConflictPreview } from "@tributary/admin-api";
import { openAdmin } from "../admin-connection/open-admin.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import type { ConflictsOptions } from "./conflicts.ts";
import { type ChoiceOptions, choiceOf } from "./resolve-conflicts.ts";
import { printable, textTable } from "./text-table.ts";
import { shownValue } from "./timeline-text.ts";

export interface PreviewDecisionOptions extends ConflictsOptions, ChoiceOptions {}

/**
 * `tributary conflicts preview`: what a record would become by a decision, with the values that would change; nothing is
 * changed. Returns the exit code: 0 only when the decision could be made so.
 */
export async function previewDecision(
  id: string,
  options: PreviewDecisionOptions,
  terminal: Terminal,
): Promise<number> {
  const body = choiceOf(options);
  await using admin = await openAdmin(options, terminal);
  const preview = await admin.ask("POST /conflicts/:id/preview", { path: { id }, body });
  terminal.print(options.json ? losslessJson(preview) : describe(preview));
  return isPossible(preview) ? exitCodes.done : exitCodes.failed;
}

function isPossible({ outcome }: ConflictPreview): boolean {
  return outcome === "edit" || outcome === "deletion" || outcome === "no-change";
}

function describe({ outcome, changes, issues }: ConflictPreview): string {
  switch (outcome) {
    case "edit":
      return textTable(
        ["ELEMENT", "NOW", "THEN"],
        changes.map(({ path, before, after }) => [path, shown(before), shown(after)]),
      );
    case "deletion":
      return "The record would be deleted.";
    case "no-change":
      return "The record says that already; the conflict would be closed without an edit.";
    case "invalid":
      return ["The record would not be valid:", ...issues.map(({ diagnostics }) => printable(diagnostics))].join("\n");
    case "element-gone":
      return "The record has nothing any more where the element was.";
    case "record-absent":
      return "The record has not come to this node yet; pull first.";
    case "already-resolved":
      return "The conflict has been decided.";
  }
}

function shown(fragment: Readonly<Record<string, unknown>> | undefined): string {
  return fragment === undefined ? "–" : shownValue(fragment);
}
