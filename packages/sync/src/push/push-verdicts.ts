import { sql, type Transaction } from "@tributary/database";
import type { UnitVerdict } from "./push-unit.ts";

const readOne = sql("select verdict from push_verdicts where operation_id = $1");
// The empty verdict claims the name: of two requests with one unit the second waits here, and then finds the verdict.
const claim = sql(`
  insert into push_verdicts (operation_id, node, verdict, given_at) values ($1, $2, '', $3)
  on conflict (operation_id) do nothing`);
const putOne = sql("update push_verdicts set verdict = $2 where operation_id = $1");

/** Claims an operation for this transaction; the verdict that was given before, if it was. */
export async function claimOperation(
  tx: Transaction,
  operationId: string,
  node: string,
  now: number,
): Promise<UnitVerdict | undefined> {
  if ((await tx.run(claim, [operationId, node, now])) === 1) return undefined;
  const row = await tx.first<{ verdict: string }>(readOne, [operationId]);
  return row ? (JSON.parse(row.verdict) as UnitVerdict) : undefined;
}

/** Keeps a verdict, in the transaction that did what it says. */
export async function putVerdict(tx: Transaction, operationId: string, verdict: UnitVerdict): Promise<void> {
  await tx.run(putOne, [operationId, JSON.stringify(verdict)]);
}
