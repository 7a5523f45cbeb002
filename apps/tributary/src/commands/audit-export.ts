import { TributaryError } from "@tributary/kernel";
import { type AuditEntry, readAuditInOrder } from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";
import { type AuditFilterOptions, readAuditFilter } from "./audit-filter.ts";
import { openDatabaseAt } from "./node-at.ts";

/** Lines that are printed at once. */
const linesAtOnce = 500;

/** What `tributary audit export` was given, as text. */
export interface AuditExportOptions extends AuditFilterOptions {
  readonly dir: string;
  readonly format: string;
}

/** `tributary audit export`: every entry that the filters find, in the order of arrival, as a stream of lines. */
export async function exportAudit(options: AuditExportOptions, terminal: Terminal): Promise<void> {
  const filter = readAuditFilter(options);
  const format = formats[options.format];
  if (!format) throw new TributaryError("CONFIG_INVALID", `--format is one of ${Object.keys(formats).join(", ")}.`);
  const { database } = await openDatabaseAt(options.dir, terminal);
  await using _ = database;
  let lines: string[] = format.head;
  let count = 0;
  const flush = async () => {
    if (lines.length > 0) await terminal.stream(`${lines.join("\n")}\n`);
    lines = [];
  };
  for await (const entry of readAuditInOrder(database, filter)) {
    lines.push(format.line(entry));
    count += 1;
    if (lines.length >= linesAtOnce) await flush();
  }
  await flush();
  terminal.note(`${count} entries.`);
}

const columns = [
  "node",
  "position",
  "at",
  "actor",
  "operation",
  "reference",
  "versionBefore",
  "versionAfter",
  "link",
  "operationId",
  "outcome",
  "error",
  "chainHash",
] as const satisfies readonly (keyof AuditEntry)[];

const formats: Readonly<Record<string, { readonly head: string[]; readonly line: (entry: AuditEntry) => string }>> = {
  ndjson: {
    head: [],
    line: (entry) => JSON.stringify(Object.fromEntries(columns.map((name) => [name, fieldOf(entry, name)]))),
  },
  csv: { head: [columns.join(",")], line: (entry) => columns.map((name) => csvCell(fieldOf(entry, name))).join(",") },
};

function fieldOf(entry: AuditEntry, name: (typeof columns)[number]): string | number | null {
  return name === "at" ? new Date(entry.at).toISOString() : entry[name];
}

/** A cell as RFC 4180 has it. Text that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvCell(value: string | number | null): string {
  if (value === null || typeof value === "number") return String(value ?? "");
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
