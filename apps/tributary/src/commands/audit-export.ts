import { openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { type AuditFilterOptions, readAuditFilter } from "./audit-filter.ts";

/** What `tributary audit export` was given, as text. */
export interface AuditExportOptions extends AuditFilterOptions {
  readonly format: "csv" | "ndjson";
}

/**
 * `tributary audit export`: every entry that the filters find, in the order of arrival, as a stream of lines. It is taken
 * from the node as fast as the lines are read here, and never held as a whole.
 */
export async function exportAudit(options: AuditExportOptions, terminal: Terminal): Promise<void> {
  const { format } = options;
  const query = { ...readAuditFilter(options), format };
  await using admin = await openAdmin(options, terminal);
  const lines = new LineCount();
  for await (const text of admin.read("GET /audit/export", { query })) {
    lines.add(text);
    await terminal.stream(text);
  }
  terminal.note(`${lines.count - (format === "csv" ? 1 : 0)} entries.`);
}

/** Counts lines of CSV or NDJSON; in a cell between quotation marks a line does not end, and NDJSON has none in a line. */
export class LineCount {
  #count = 0;
  #isQuoted = false;

  get count(): number {
    return this.#count;
  }

  add(text: string): void {
    for (const [mark] of text.matchAll(/["\n]/g)) {
      if (mark === '"') this.#isQuoted = !this.#isQuoted;
      else if (!this.#isQuoted) this.#count += 1;
    }
  }
}
