import type { ManualReport, RecordPreview } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { printable, textTable } from "./text-table.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** What `tributary sync-record` was given. */
export interface SyncRecordOptions extends AdminOptions {
  readonly patient?: string;
  readonly search?: string;
  readonly direction: "push" | "pull" | "both";
  readonly preview?: boolean;
  readonly evenIfPaused?: boolean;
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
  const { patient, search, direction, preview, evenIfPaused, json } = options;
  const body = { references: [...references], patient, search, direction, preview, evenIfPaused };
  await using admin = await openAdmin(options, terminal);
  const told = await untilInterrupted((signal) => admin.ask("POST /sync-records", { body, signal }));
  if (json) terminal.print(losslessJson(told));
  if ("records" in told) {
    if (!json) terminal.print(previewTable(told.records));
    return exitCodes.done;
  }
  if (!json) terminal.print(resultTable(told));
  if (told.error) terminal.note(printable(`Broken off: ${told.error.message} [${told.error.code}]`));
  return told.status === "complete" ? exitCodes.done : exitCodes.failed;
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
