import { parseReference } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { openNodeAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";
import { textTable } from "./text-table.ts";

/** How long a history may take to come over a slow line. */
const withinMs = 600_000;

export interface HistoryOptions {
  readonly dir: string;
  readonly as?: string;
  readonly json?: boolean;
}

/**
 * `tributary history`: all versions that the parent has of a patient's records, the newest first; `--json` prints their
 * content as well. Returns the exit code: 1 when the parent tells of none.
 */
export async function history(reference: string, options: HistoryOptions, terminal: Terminal): Promise<number> {
  const key = parseReference(reference);
  if (key?.type !== "Patient") {
    throw new TributaryError("CONFIG_INVALID", "Name the patient, for example Patient/123.");
  }
  await using node = await openNodeAt(options.dir, terminal);
  await using synchronizer = await node.openSynchronizer();
  const { author } = operatorOf(node.id, options.as, terminal);
  const versions = await synchronizer.fetchHistoryOnce(key.id, author, AbortSignal.timeout(withinMs));
  if (options.json) terminal.print(JSON.stringify(versions));
  else if (versions.length === 0) terminal.note(`The parent tells of no version of Patient/${key.id}.`);
  else {
    const rows = versions.map(({ type, id, version, at, originNode, author: by, body }) => [
      new Date(at).toISOString(),
      `${type}/${id}`,
      String(version),
      body === null ? "deleted" : "written",
      originNode,
      by ?? "-",
    ]);
    terminal.print(textTable(["AT", "RECORD", "VERSION", "WHAT", "NODE", "BY"], rows));
  }
  return versions.length === 0 ? exitCodes.failed : exitCodes.done;
}
