import type { AuditEntry } from "@tributary/admin-api";
import { openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { type AuditFilterOptions, readAuditFilter } from "./audit-filter.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";
import { textTable } from "./text-table.ts";

/** What `tributary audit list` was given, as text. */
export interface AuditListOptions extends AuditFilterOptions, ListOptions {
  readonly json?: boolean;
}

/** `tributary audit list`: who did what to which record on which node, what arrived there last first. */
export async function listAuditTrail(options: AuditListOptions, terminal: Terminal): Promise<void> {
  const query = { ...readAuditFilter(options), ...listQueryOf(options) };
  await using admin = await openAdmin(options, terminal);
  const page = await admin.ask("GET /audit", { query });
  if (options.json) return terminal.print(losslessJson(page));
  if (page.entries.length === 0) return terminal.note("The trail has no such entry.");
  terminal.print(auditTable(page.entries));
  tellMore(page, terminal);
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
