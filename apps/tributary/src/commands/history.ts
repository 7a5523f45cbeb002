import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { patientNamed } from "./patient-named.ts";
import { textTable } from "./text-table.ts";

/** How long a history may take to come over a slow line. */
const withinMs = 600_000;

export interface HistoryOptions extends AdminOptions {
  readonly json?: boolean;
}

/**
 * `tributary history`: all versions that the parent has of a patient's records, the newest first; `--json` prints their
 * content as well. Returns the exit code: 1 when the parent tells of none.
 */
export async function history(reference: string, options: HistoryOptions, terminal: Terminal): Promise<number> {
  const id = patientNamed(reference);
  await using admin = await openAdmin(options, terminal);
  const signal = AbortSignal.timeout(withinMs);
  const told = await admin.ask("POST /patients/:id/history", { path: { id }, signal });
  const { versions } = told;
  if (options.json) terminal.print(losslessJson(told));
  else if (versions.length === 0) terminal.note(`The parent tells of no version of Patient/${id}.`);
  else {
    const rows = versions.map((one) => [
      new Date(one.at).toISOString(),
      `${one.type}/${one.id}`,
      String(one.version),
      one.body === null ? "deleted" : "written",
      one.originNode,
      one.author ?? "-",
    ]);
    terminal.print(textTable(["AT", "RECORD", "VERSION", "WHAT", "NODE", "BY"], rows));
  }
  return versions.length === 0 ? exitCodes.failed : exitCodes.done;
}
