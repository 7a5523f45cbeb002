import { TributaryError } from "@tributary/kernel";
import {
  type AuditEntry,
  type AuditFilter,
  type AuditOperation,
  auditOperations,
  auditPageMax,
  type ChainVerdict,
  listAudit,
  verifyAuditTrail,
} from "@tributary/runtime";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt } from "./node-at.ts";
import { textTable } from "./text-table.ts";

/** What `tributary audit list` was given, as text. */
export interface AuditListOptions {
  readonly dir: string;
  readonly actor?: string;
  readonly node?: string;
  readonly reference?: string;
  readonly operation?: string;
  readonly outcome?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: string;
  readonly before?: string;
  readonly json?: boolean;
}

/** `tributary audit list`: who did what to which record, the latest first. */
export async function listAuditTrail(options: AuditListOptions, terminal: Terminal): Promise<void> {
  const filter = readFilter(options);
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

/** `tributary audit verify`: walks the chain. Returns the exit code: 0 only when it is intact. */
export async function verifyAudit(
  { dir, json }: { readonly dir: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const verdict = await verifyAuditTrail(database);
  if (json) terminal.print(JSON.stringify(verdict));
  else terminal.note(sentenceOf(verdict));
  return verdict.kind === "intact" ? exitCodes.done : exitCodes.failed;
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

function sentenceOf(verdict: ChainVerdict): string {
  switch (verdict.kind) {
    case "intact":
      return `Intact: ${verdict.entries} entries, each in its place.`;
    case "altered":
      return `Broken: the entry at place ${verdict.position} has been altered. Keep a copy of the database before anything else.`;
    case "missing":
      return `Broken: the entry at place ${verdict.position} is missing. Keep a copy of the database before anything else.`;
  }
}

/** Reads the filters. Throws `CONFIG_INVALID` when one of them cannot be meant. */
function readFilter({ actor, node, reference, operation, outcome, since, until }: AuditListOptions): AuditFilter {
  return {
    ...(actor !== undefined && { actor }),
    ...(node !== undefined && { node }),
    ...(reference !== undefined && { reference }),
    ...(operation !== undefined && { operation: knownOperation(operation) }),
    ...(outcome !== undefined && { outcome }),
    ...(since !== undefined && { since: moment("--since", since) }),
    ...(until !== undefined && { until: moment("--until", until) }),
  };
}

function knownOperation(text: string): AuditOperation {
  const known = auditOperations.find((one) => one === text);
  if (known) return known;
  throw new TributaryError("CONFIG_INVALID", `--operation is one of ${auditOperations.join(", ")}.`);
}

function moment(name: string, text: string): number {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new TributaryError(
    "CONFIG_INVALID",
    `${name} is a date or a time, such as 2026-01-31 or 2026-01-31T08:00:00Z.`,
  );
}

function wholeNumber(name: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= most) return number;
  throw new TributaryError("CONFIG_INVALID", `${name} is a whole number from 1 to ${most}.`);
}
