import { type JsonValue, stringifyLossless } from "@tributary/fhir";
import {
  type Direction,
  type ManualReport,
  type ManualRequest,
  parseSelection,
  type RecordPreview,
  requireNotPaused,
} from "@tributary/sync";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { oneRound } from "./one-round.ts";
import { operatorOf } from "./operator.ts";
import { textTable } from "./text-table.ts";

/** What `tributary sync-record` was given. */
export interface SyncRecordOptions {
  readonly dir: string;
  readonly patient?: string;
  readonly search?: string;
  readonly direction: "push" | "pull" | "both";
  readonly preview?: boolean;
  readonly evenIfPaused?: boolean;
  readonly as?: string;
  readonly json?: boolean;
}

/**
 * `tributary sync-record`: brings chosen records into step now, or shows what that would do. Returns the exit code: 0
 * only when every record came to its end, or was previewed.
 */
export async function syncRecord(
  references: readonly string[],
  options: SyncRecordOptions,
  terminal: Terminal,
): Promise<number> {
  const { dir, patient, search, direction, preview, evenIfPaused, json } = options;
  const directions: readonly Direction[] = direction === "both" ? ["push", "pull"] : [direction];
  const request: ManualRequest = { selection: parseSelection({ references, patient, search }), directions };
  if (preview) {
    const records = await oneRound(dir, terminal, {}, (synchronizer, signal) =>
      synchronizer.previewSelected(request, signal),
    );
    terminal.print(json ? stringifyLossless({ records } as unknown as JsonValue) : previewTable(records));
    return exitCodes.done;
  }
  const report = await oneRound(dir, terminal, {}, async (synchronizer, signal, node) => {
    if (!evenIfPaused) await requireNotPaused(node.database, directions);
    return synchronizer.syncSelected(request, operatorOf(node.id, options.as, terminal).author, signal);
  });
  if (json) terminal.print(JSON.stringify(report));
  else terminal.print(resultTable(report));
  if (report.error) terminal.note(`Broken off: ${report.error.message} [${report.error.code}]`);
  return report.status === "complete" ? exitCodes.done : exitCodes.failed;
}

/** What came of each record, a line for each direction. */
export function resultTable({ results }: Pick<ManualReport, "results">): string {
  if (results.length === 0) return "Nothing was found.";
  return textTable(
    ["RECORD", "DIRECTION", "RESULT", "WHY"],
    results.map(({ type, id, direction, outcome, conflicts, reason }) => [
      `${type}/${id}`,
      direction,
      conflicts > 0 ? `${outcome}, ${conflicts} conflicts` : outcome,
      reason ?? "",
    ]),
  );
}

/** What would become of each record, with the places of what would change; their values are only in the JSON. */
export function previewTable(records: readonly RecordPreview[]): string {
  if (records.length === 0) return "Nothing was found.";
  const table = textTable(
    ["RECORD", "HERE", "PARENT", "CONFLICTS", "ELEMENTS"],
    records.map(({ type, id, here, there, conflicts, waits, changesHere, changesThere }) => [
      `${type}/${id}`,
      waits ?? here,
      waits ?? there,
      conflicts.map(({ path }) => path).join(", ") || "-",
      [...new Set([...changesHere, ...changesThere].map(({ path }) => path))].join(", "),
    ]),
  );
  return `${table}\nNothing was written.`;
}
