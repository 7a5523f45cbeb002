import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";
import { TributaryError } from "@tributary/kernel";
import { noteToRelay } from "../tiers/relayed-records.ts";
import type { UnitVerdict } from "./push-unit.ts";

// The empty verdict claims the name: of two requests with one unit the second waits here, and then finds the verdict.
// Names are claimed in one order everywhere, so that two requests with the same units wait instead of deadlocking.
const claim = sql({
  sqlite: `
    insert into push_verdicts (operation_id, node, verdict, given_at, content_digest)
    select value ->> 0, $2, '', $3, value ->> 1 from json_each($1) where true order by 1
    on conflict (operation_id) do nothing
    returning operation_id`,
  postgres: `
    insert into push_verdicts (operation_id, node, verdict, given_at, content_digest)
    select value ->> 0, $2, '', $3::bigint, value ->> 1 from json_array_elements($1::json) k (value)
    order by (value ->> 0) collate "C"
    on conflict (operation_id) do nothing
    returning operation_id`,
});
const readClaimed = sql("select verdict, content_digest from push_verdicts where operation_id = $1");
const readOfNode = sql({
  sqlite: `
    select given.operation_id, given.verdict
    from json_each($2) k cross join push_verdicts given on given.operation_id = k.value and given.node = $1`,
  postgres: `
    select operation_id, verdict from push_verdicts
    where node = $1 and operation_id in (select value from json_array_elements_text($2::json) k (value))`,
});
const dropOne = sql("delete from push_verdicts where operation_id = $1");
// By the key, so that it is found by the index whatever the table's size was when the statement was planned.
const putSome = bulkInsert(
  "push_verdicts",
  { operation_id: "text", node: "text", verdict: "text", given_at: "bigint" },
  "on conflict (operation_id) do update set verdict = excluded.verdict",
);

/** An operation that is about to take effect. */
export interface Claim {
  readonly operationId: string;
  /** What stands for its content; absent where any content is meant. */
  readonly contentDigest?: string;
}

/**
 * Claims operations of a node for this transaction. Returns the verdicts that were given before, by operation; those that
 * are absent are this transaction's to judge. Throws `OPERATION_REUSED` when a name stood for other content then: the old
 * verdict would hide the new content for ever.
 */
export async function claimOperations(
  tx: Transaction,
  node: string,
  claims: readonly Claim[],
  now: number,
): Promise<Map<string, UnitVerdict>> {
  const names = JSON.stringify(claims.map(({ operationId, contentDigest }) => [operationId, contentDigest ?? null]));
  const claimed = new Set(
    (await tx.all<{ operation_id: string }>(claim, [names, node, now])).map(({ operation_id }) => operation_id),
  );
  const given = new Map<string, UnitVerdict>();
  for (const one of claims) {
    const verdict = claimed.has(one.operationId) ? undefined : await verdictBefore(tx, one);
    if (verdict) given.set(one.operationId, verdict);
  }
  return given;
}

async function verdictBefore(tx: Transaction, { operationId, contentDigest }: Claim): Promise<UnitVerdict | undefined> {
  const row = await tx.first<{ verdict: string; content_digest: string | null }>(readClaimed, [operationId]);
  if (row?.content_digest && contentDigest && row.content_digest !== contentDigest) {
    throw new TributaryError("OPERATION_REUSED", `The operation ${operationId} was another one before.`);
  }
  return row ? (JSON.parse(row.verdict) as UnitVerdict) : undefined;
}

/** Keeps verdicts on a node's claimed operations, in the transaction that did what they say. */
export async function putVerdicts(
  tx: Transaction,
  node: string,
  verdicts: ReadonlyMap<string, UnitVerdict>,
  now: number,
): Promise<void> {
  await putSome(
    tx,
    [...verdicts].map(([operationId, verdict]) => [operationId, node, JSON.stringify(verdict), now]),
  );
  await noteToRelay(tx, verdicts);
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
