import { TributaryError } from "@tributary/kernel";
import { type AuditEntry, auditPageMax, listAudit } from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";
import { type AuditFilterOptions, readAuditFilter } from "./audit-filter.ts";
import { openDatabaseAt } from "./node-at.ts";
import { textTable } from "./text-table.ts";

/** What `tributary audit list` was given, as text. */
export interface AuditListOptions extends AuditFilterOptions {
  readonly dir: string;
  readonly limit: string;
  readonly before?: string;
  readonly json?: boolean;
}

/** `tributary audit list`: who did what to which record on which node, what arrived here last first. */
export async function listAuditTrail(options: AuditListOptions, terminal: Terminal): Promise<void> {
  const filter = readAuditFilter(options);
  const limit = wholeNumber("--limit", options.limit, auditPageMax);
  const before = options.before === undefined ? {} : { before: wholeNumber("--before", options.before) };
  const { database } = await openDatabaseAt(options.dir, terminal);
  await using _ = database;
  const page = await listAudit(database, filter, { limit, ...before });
  if (options.json) return terminal.print(JSON.stringify(page));
  if (page.entries.length === 0) return terminal.note("The trail has no such entry.");
  terminal.print(auditTable(page.entries));
  if (page.next !== null) terminal.note(`There are more: add --before ${page.next} for those that came earlier.`);
}

/** Entries as a table, a line each. */
export function auditTable(entries: readonly AuditEntry[]): string {
  return textTable(
    ["AT", "NODE", "ACTOR", "OPERATION", "RECORD", "VERSION", "LINK", "OUTCOME"],
    entries.map((entry) => [
      new Date(entry.at).toISOString(),
      entry.node,
      entry.actor,
      entry.operation,
      entry.reference ?? "-",
      versionsOf(entry),
      entry.link ?? "-",
      entry.error === null ? entry.outcome : `${entry.outcome} (${entry.error})`,
    ]),
  );
}

function versionsOf({ versionBefore, versionAfter }: AuditEntry): string {
  if (versionBefore === null) return versionAfter === null ? "-" : String(versionAfter);
  return `${versionBefore} > ${versionAfter ?? "-"}`;
}

function wholeNumber(name: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= most) return number;
  throw new TributaryError("CONFIG_INVALID", `${name} is a whole number from 1 to ${most}.`);
}
