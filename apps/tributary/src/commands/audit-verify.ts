import type { AuditVerdict } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { textTable } from "./text-table.ts";

type ChainVerdict = AuditVerdict["own"];

/** `tributary audit verify`: walks every chain that the node holds. Returns the exit code: 0 only when nothing is wrong. */
export async function verifyAudit(
  options: AdminOptions & { readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  await using admin = await openAdmin(options, terminal);
  const verdict = await admin.ask("POST /audit/verify");
  if (options.json) terminal.print(losslessJson(verdict));
  else describe(verdict, terminal);
  return verdict.isSound ? exitCodes.done : exitCodes.failed;
}

/** `tributary audit acknowledge`: ends the warning about a node's trail, with a reason. */
export async function acknowledgeAudit(
  node: string,
  options: AdminOptions & { readonly reason: string },
  terminal: Terminal,
): Promise<number> {
  await using admin = await openAdmin(options, terminal);
  const { reason } = options;
  const { isAcknowledged } = await admin.ask("POST /audit/acknowledge", { body: { node, reason } });
  terminal.note(isAcknowledged ? `The trail of ${node} is acknowledged.` : `There is no warning about ${node}.`);
  return isAcknowledged ? exitCodes.done : exitCodes.failed;
}

function describe({ own, others }: AuditVerdict, terminal: Terminal): void {
  terminal.note(sentenceOf(own));
  if (others.length > 0) terminal.print(chainTable(others));
  const isDamaged = [own, ...others.map(({ verdict }) => verdict)].some(({ kind }) => kind !== "intact");
  if (isDamaged) terminal.note("Keep a copy of the database before anything else.");
  const broken = [...new Set(others.flatMap(({ node, broken }) => (broken === null ? [] : [node])))];
  for (const node of broken) {
    terminal.note(
      `${node} told something else than before: it was restored from a backup, or its trail was altered there. ` +
        `Both chains are here. Once it is explained: tributary audit acknowledge ${node} --reason TEXT [AUDIT_CHAIN_BROKEN]`,
    );
  }
}

/** The chains of other nodes as a table, a line each. */
export function chainTable(others: AuditVerdict["others"]): string {
  return textTable(
    ["NODE", "PLACES", "LAST TOLD", "BY", "VERDICT"],
    others.map(({ node, first, last, lastToldAt, via, verdict, broken }) => [
      node,
      `${first}-${last}`,
      new Date(lastToldAt).toISOString(),
      via,
      verdictOf(verdict) + (broken === null ? "" : `, told otherwise from ${broken.position} on`),
    ]),
  );
}

function verdictOf(verdict: ChainVerdict): string {
  return verdict.kind === "intact" ? "intact" : `${verdict.kind} at ${verdict.position}`;
}

function sentenceOf(verdict: ChainVerdict): string {
  switch (verdict.kind) {
    case "intact":
      return `Intact: ${verdict.entries} entries, each in its place.`;
    case "altered":
      return `Broken: the entry at place ${verdict.position} has been altered.`;
    case "missing":
      return `Broken: the entry at place ${verdict.position} is missing.`;
  }
}
