import { bulkInsert, sql, type Transaction } from "@tributary/database";
import { parseOperationName } from "../push/operation-name.ts";
import type { UnitVerdict } from "../push/push-unit.ts";
import { putTierReach } from "./tier-reach.ts";

const anyParent = sql("select 1 as found from parent_links limit 1");
const dropOperation = sql("delete from relayed_records where node = $1 and incarnation = $2 and counter = $3");
const putRecords = bulkInsert("relayed_records", {
  node: "text",
  incarnation: "text",
  counter: "bigint",
  type: "text",
  id: "text",
  version: "bigint",
});
const dropArrived = sql(`
  delete from relayed_records
  where exists (
    select 1 from link_bases base
    where base.link = $1 and base.type = relayed_records.type and base.id = relayed_records.id
      and base.local_version >= relayed_records.version)`);

/** What a parked operation waits with: no record has this version, so it never counts as sent on. */
const notThere = { type: "", id: "", version: Number.MAX_SAFE_INTEGER };

/**
 * Notes at a hub, in the transaction that gives verdicts, what of a child's operations has to go on to the hub's own
 * parent. A node without a parent has nothing to note.
 */
export async function noteToRelay(tx: Transaction, verdicts: ReadonlyMap<string, UnitVerdict>): Promise<void> {
  if (verdicts.size === 0 || (await tx.first(anyParent)) === undefined) return;
  const named = [...verdicts].flatMap(([operationId, verdict]) => {
    const name = parseOperationName(operationId);
    return name ? [{ ...name, verdict }] : [];
  });
  for (const { node, incarnation, counter } of named) await tx.run(dropOperation, [node, incarnation, counter]);
  await putRecords(
    tx,
    named.flatMap(({ node, incarnation, counter, verdict }) => {
      const waiting = "records" in verdict ? verdict.records : verdict.kind === "parked" ? [notThere] : [];
      return waiting.map(({ type, id, version }) => [node, incarnation, counter, type, id, version]);
    }),
  );
  for (const ofOne of Map.groupBy(named, ({ node, incarnation }) => `${node}.${incarnation}`).values()) {
    const last = ofOne.reduce((one, other) => (one.counter < other.counter ? other : one));
    const { node, incarnation, counter } = last;
    await putTierReach(tx, [{ node, tier: "", distance: 0, incarnation, counter }]);
  }
}

/** Forgets what the parent is known to have, by the bases of the link. */
export async function forgetRelayed(tx: Transaction, parent: string): Promise<void> {
  await tx.run(dropArrived, [parent]);
}
