import { hash } from "node:crypto";
import { type AuditDraft, appendAudit, auditDraft } from "@tributary/audit";
import { type Database, type Reader, sql, type Transaction } from "@tributary/database";
import type { Clock, NodeId, Random } from "@tributary/kernel";

/** How long a code can be used when nothing else is said: long enough to drive to the clinic. */
export const codeValidForMs = 24 * 60 * 60 * 1000;

/** 80 random bits: beyond guessing, and short enough to be read over a telephone. */
const codeBytes = 10;
/** Crockford's base 32: no I, L, O or U that an ear or eye could mistake. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Codes of one node that are looked through; nobody issues as many within the time of one. */
const codesOfNodeMax = 100;

const readHashes = sql("select code_hash from enrolment_codes where node = $1 order by issued_at desc limit $2");
const insertCode = sql(
  "insert into enrolment_codes (code_hash, node, issued_at, expires_at, catchment) values ($1, $2, $3, $4, $5)",
);
const takeCode = sql({
  sqlite: "select node, expires_at, used_key, catchment from enrolment_codes where code_hash = $1",
  postgres: "select node, expires_at, used_key, catchment from enrolment_codes where code_hash = $1 for update",
});
const markUsed = sql("update enrolment_codes set used_at = $2, used_key = $3 where code_hash = $1");

/** A code as its issuer sees it, once: the database keeps only its hash. */
export interface EnrolmentCode {
  readonly code: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** For which node a code is issued, and how long it is good. */
export interface IssueOptions {
  /** The node that may enrol with the code; another one is refused. */
  readonly node: NodeId;
  readonly validForMs?: number;
  /** Who issues it at which node; entered in the audit trail. */
  readonly issuer?: { readonly nodeId: string; readonly author: string };
  /** The catchment that the node is to have; without one it keeps what it has, and a new one gets everything. */
  readonly catchment?: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** Makes a code with which one named child can become this parent's child, once and for a limited time. */
export async function issueEnrolmentCode(database: Database, options: IssueOptions): Promise<EnrolmentCode> {
  const code = newCode(options.random);
  const now = options.clock.now();
  const expiresAt = now + (options.validForMs ?? codeValidForMs);
  await database.transaction(async (tx) => {
    await tx.run(insertCode, [codeHashOf(code), options.node, now, expiresAt, options.catchment ?? null]);
    if (options.issuer) {
      await appendAudit(tx, options.issuer.nodeId, [entryOf(options.node, options.issuer.author, now)]);
    }
  });
  return { code, expiresAt };
}

interface CodeRow {
  readonly node: string;
  readonly expires_at: number;
  readonly used_key: string | null;
  readonly catchment: string | null;
}

function entryOf(node: string, author: string, at: number): AuditDraft {
  return auditDraft({
    at,
    actor: author,
    operation: "enrol",
    link: node,
    outcome: "code-issued",
  });
}

/** How the use of a code ends. */
export type CodeUse =
  | { readonly kind: "accepted"; readonly catchment: string | null }
  | { readonly kind: "unknown" }
  | { readonly kind: "expired" }
  | { readonly kind: "used" }
  | { readonly kind: "other-node"; readonly node: string };

/**
 * Uses a code up for a node and its key. The same node with the same key may say the same code again and is accepted
 * again, since the first answer may have been lost.
 */
export async function useCode(
  tx: Transaction,
  use: { readonly codeHash: string; readonly node: string; readonly publicKey: string; readonly now: number },
): Promise<CodeUse> {
  const { codeHash } = use;
  const row = await tx.first<CodeRow>(takeCode, [codeHash]);
  if (!row) return { kind: "unknown" };
  if (row.node !== use.node) return { kind: "other-node", node: row.node };
  const accepted = { kind: "accepted", catchment: row.catchment } as const;
  if (row.used_key !== null) return row.used_key === use.publicKey ? accepted : { kind: "used" };
  if (use.now > row.expires_at) return { kind: "expired" };
  await tx.run(markUsed, [codeHash, use.now, use.publicKey]);
  return accepted;
}

function newCode(random: Random): string {
  let bits = 0n;
  for (const byte of random.bytes(codeBytes)) bits = (bits << 8n) | BigInt(byte);
  const letters = Array.from(
    { length: (codeBytes * 8) / 5 },
    (_, at) => alphabet[Number((bits >> BigInt(at * 5)) & 31n)],
  );
  return letters.join("").replace(/(.{4})(?=.)/g, "$1-");
}

/** The hashes of the codes that were issued for a node, the latest first. */
export async function codeHashesFor(reader: Reader, node: string): Promise<string[]> {
  const rows = await reader.all<{ readonly code_hash: string }>(readHashes, [node, codesOfNodeMax]);
  return rows.map(({ code_hash }) => code_hash);
}

/** What is kept of a code. Dashes, spaces and case do not matter, and look-alike letters mean their digit. */
export function codeHashOf(code: string): string {
  const read = code.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  return hash("sha256", read, "hex");
}
