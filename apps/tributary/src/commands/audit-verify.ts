import { acknowledgeTrail, type ChainVerdict, type TrailVerdict, verifyAuditTrail } from "@tributary/runtime";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";
import { textTable } from "./text-table.ts";

/** `tributary audit verify`: walks every chain that is here. Returns the exit code: 0 only when nothing is wrong. */
export async function verifyAudit(
  { dir, json }: { readonly dir: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const verdict = await verifyAuditTrail(database);
  if (json) terminal.print(JSON.stringify(verdict));
  else describe(verdict, terminal);
  return verdict.isSound ? exitCodes.done : exitCodes.failed;
}

/** `tributary audit acknowledge`: ends the warning about a node's trail, with a reason. */
export async function acknowledgeAudit(
  node: string,
  { dir, reason, as }: { readonly dir: string; readonly reason: string; readonly as?: string },
  terminal: Terminal,
): Promise<number> {
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const actor = operatorOf(config.node.id, as, terminal);
  const wasBroken = await acknowledgeTrail(database, { node, reason, actor });
  terminal.note(wasBroken ? `The trail of ${node} is acknowledged.` : `There is no warning about ${node}.`);
  return wasBroken ? exitCodes.done : exitCodes.failed;
}

function describe({ own, others }: TrailVerdict, terminal: Terminal): void {
  terminal.note(sentenceOf(own));
  if (others.length > 0) terminal.print(chainTable(others));
  const isDamaged = [own, ...others.map(({ verdict }) => verdict)].some(({ kind }) => kind !== "intact");
  if (isDamaged) terminal.note("Keep a copy of the database before anything else.");
  const broken = [...new Set(others.flatMap(({ chain }) => (chain.broken === null ? [] : [chain.node])))];
  for (const node of broken) {
    terminal.note(
      `${node} told something else than before: it was restored from a backup, or its trail was altered there. ` +
        `Both chains are here. Once it is explained: tributary audit acknowledge ${node} --reason TEXT [AUDIT_CHAIN_BROKEN]`,
    );
  }
}

/** The chains of other nodes as a table, a line each. */
export function chainTable(others: TrailVerdict["others"]): string {
  return textTable(
    ["NODE", "PLACES", "LAST TOLD", "BY", "VERDICT"],
    others.map(({ chain, verdict }) => [
      chain.node,
      `${chain.begins.position + 1}-${chain.head.position}`,
      new Date(chain.lastToldAt).toISOString(),
      chain.via,
      verdictOf(verdict) + (chain.broken === null ? "" : `, told otherwise from ${chain.broken.position} on`),
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
