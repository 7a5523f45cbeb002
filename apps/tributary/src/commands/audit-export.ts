import { TributaryError } from "@tributary/kernel";
import { type AuditEntry, readAuditInOrder } from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";
import { type AuditFilterOptions, readAuditFilter } from "./audit-filter.ts";
import { auditFormats, auditLines, isAuditFormat } from "./audit-lines.ts";
import { openDatabaseAt } from "./node-at.ts";

/** What `tributary audit export` was given, as text. */
export interface AuditExportOptions extends AuditFilterOptions {
  readonly dir: string;
  readonly format: string;
}

/** `tributary audit export`: every entry that the filters find, in the order of arrival, as a stream of lines. */
export async function exportAudit(options: AuditExportOptions, terminal: Terminal): Promise<void> {
  const filter = readAuditFilter(options);
  const { format } = options;
  if (!isAuditFormat(format))
    throw new TributaryError("CONFIG_INVALID", `--format is one of ${auditFormats.join(", ")}.`);
  const { database } = await openDatabaseAt(options.dir, terminal);
  await using _ = database;
  let count = 0;
  async function* counted(): AsyncGenerator<AuditEntry> {
    for await (const entry of readAuditInOrder(database, filter)) {
      count += 1;
      yield entry;
    }
  }
  for await (const part of auditLines(counted(), format)) await terminal.stream(part);
  terminal.note(`${count} entries.`);
}
