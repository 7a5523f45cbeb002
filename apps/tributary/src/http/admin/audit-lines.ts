import type { AuditEntry } from "@tributary/runtime";

/** Lines that are handed on at once. */
const linesAtOnce = 500;

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

interface AuditFormat {
  readonly head: readonly string[];
  readonly line: (entry: AuditEntry) => string;
}

const formats = {
  ndjson: {
    head: [],
    line: (entry) => JSON.stringify(Object.fromEntries(columns.map((name) => [name, fieldOf(entry, name)]))),
  },
  csv: { head: [columns.join(",")], line: (entry) => columns.map((name) => csvCell(fieldOf(entry, name))).join(",") },
} as const satisfies Readonly<Record<string, AuditFormat>>;

/** How entries can be written as lines. */
export type AuditFormatName = keyof typeof formats;

export function isAuditFormat(text: string): text is AuditFormatName {
  return Object.hasOwn(formats, text);
}

/** Writes entries as lines, some hundred at a time, so that a trail of any length is never held as a whole. */
export async function* auditLines(entries: AsyncIterable<AuditEntry>, name: AuditFormatName): AsyncGenerator<string> {
  const { head, line }: AuditFormat = formats[name];
  let lines: string[] = [...head];
  for await (const entry of entries) {
    lines.push(line(entry));
    if (lines.length < linesAtOnce) continue;
    yield `${lines.join("\n")}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}

function fieldOf(entry: AuditEntry, name: (typeof columns)[number]): string | number | null {
  return name === "at" ? new Date(entry.at).toISOString() : entry[name];
}

/** A cell as RFC 4180 has it. Text that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvCell(value: string | number | null): string {
  if (value === null || typeof value === "number") return String(value ?? "");
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
