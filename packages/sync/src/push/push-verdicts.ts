import { type Reader, sql, type Transaction } from "@tributary/database";
import { TributaryError } from "@tributary/kernel";
import { noteToRelay } from "../tiers/relayed-records.ts";
import type { UnitVerdict } from "./push-unit.ts";

const readOne = sql("select verdict, content_digest from push_verdicts where operation_id = $1");
// The empty verdict claims the name: of two requests with one unit the second waits here, and then finds the verdict.
const claim = sql(`
  insert into push_verdicts (operation_id, node, verdict, given_at, content_digest) values ($1, $2, '', $3, $4)
  on conflict (operation_id) do nothing`);
const readOfNode = sql({
  sqlite: `
    select given.operation_id, given.verdict
    from json_each($2) k cross join push_verdicts given on given.operation_id = k.value and given.node = $1`,
  postgres: `
    select operation_id, verdict from push_verdicts
    where node = $1 and operation_id in (select value from json_array_elements_text($2::json) k (value))`,
});
const dropOne = sql("delete from push_verdicts where operation_id = $1");
const putOne = sql("update push_verdicts set verdict = $2 where operation_id = $1");

/**
 * Claims an operation for this transaction; the verdict that was given before, if it was. Throws `OPERATION_REUSED` when
 * the name stood for other content then: the old verdict would hide the new content for ever.
 */
export async function claimOperation(
  tx: Transaction,
  operationId: string,
  node: string,
  now: number,
  contentDigest: string | null = null,
): Promise<UnitVerdict | undefined> {
  if ((await tx.run(claim, [operationId, node, now, contentDigest])) === 1) return undefined;
  const row = await tx.first<{ verdict: string; content_digest: string | null }>(readOne, [operationId]);
  if (row?.content_digest && contentDigest && row.content_digest !== contentDigest) {
    throw new TributaryError("OPERATION_REUSED", `The operation ${operationId} was another one before.`);
  }
  return row ? (JSON.parse(row.verdict) as UnitVerdict) : undefined;
}

/** Keeps a verdict, in the transaction that did what it says. */
export async function putVerdict(tx: Transaction, operationId: string, verdict: UnitVerdict): Promise<void> {
  await tx.run(putOne, [operationId, JSON.stringify(verdict)]);
  await noteToRelay(tx, operationId, verdict);
}

/** Gives a claimed name back, so that the operation can come again as if it never had. */
export async function unclaimOperation(tx: Transaction, operationId: string): Promise<void> {
  await tx.run(dropOne, [operationId]);
}

/** The verdicts that a node was given on some of its operations; those that are not known are absent. */
export async function readVerdicts(
  reader: Reader,
  node: string,
  operationIds: readonly string[],
): Promise<Map<string, UnitVerdict>> {
  if (operationIds.length === 0) return new Map();
  const asked = JSON.stringify(operationIds);
  const rows = await reader.all<{ operation_id: string; verdict: string }>(readOfNode, [node, asked]);
  return new Map(rows.map((row) => [row.operation_id, JSON.parse(row.verdict) as UnitVerdict]));
}
