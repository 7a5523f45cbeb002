import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";
import { forgetRelayed } from "./relayed-records.ts";
import { putTierReach, readTierReach, type TierReach } from "./tier-reach.ts";

interface ChildRow {
  readonly node: string;
  readonly incarnation: string;
  /** The last operation that was judged here, and the first one that is not known to be at the parent. */
  readonly judged: number;
  readonly waiting: number | null;
}

interface OwnMarker {
  readonly incarnation: string;
  readonly next_counter: number;
}

interface StepRow {
  readonly node: string;
  readonly incarnation: string;
  readonly counter: number;
}

const readChildren = sql(`
  select here.node, here.incarnation, here.counter as judged,
    (select min(waiting.counter) from relayed_records waiting
     where waiting.node = here.node and waiting.incarnation = here.incarnation) as waiting
  from tier_reach here where here.tier = ''`);
const readMarker = sql("select incarnation, next_counter from push_markers where parent = $1");
const putSteps = bulkInsert(
  "relay_steps",
  { node: "text", incarnation: "text", counter: "bigint", carried_by: "bigint" },
  "on conflict (node, incarnation, counter) do nothing",
);
const readSteps = sql(`
  select node, incarnation, max(counter) as counter from relay_steps where carried_by <= $1
  group by node, incarnation`);
const dropSteps = sql("delete from relay_steps where carried_by <= $1");

/**
 * Works out at a hub how far up its children's operations have come, after it has pushed: what its parent has, by the
 * bases of the link, and what tiers above that have, by what the parent told. Does nothing at a node without children.
 */
export async function noteReach(tx: Transaction, parent: string, self: string): Promise<void> {
  if ((await childrenOf(tx)).length === 0) return;
  await forgetRelayed(tx, parent);
  const atParent = (await childrenOf(tx)).map(({ node, incarnation, judged, waiting }) => ({
    node,
    tier: parent,
    distance: 1,
    incarnation,
    counter: waiting === null ? judged : waiting - 1,
  }));
  await putTierReach(tx, atParent);
  await noteFarReach(tx, parent, self, atParent);
}

async function noteFarReach(
  tx: Transaction,
  parent: string,
  self: string,
  atParent: readonly (TierReach & { readonly node: string })[],
): Promise<void> {
  const marker = await tx.first<OwnMarker>(readMarker, [parent]);
  const far = (await readTierReach(tx, self)).filter(({ incarnation }) => incarnation === marker?.incarnation);
  if (!marker || far.length === 0) return;
  // All that is at the parent by now went up under some operation of this node's, the last one at the latest.
  await putSteps(
    tx,
    atParent.map(({ node, incarnation, counter }) => [node, incarnation, counter, marker.next_counter - 1]),
  );
  for (const { tier, distance, counter: reached } of far) {
    const steps = await tx.all<StepRow>(readSteps, [reached]);
    await putTierReach(
      tx,
      steps.map((step) => ({ ...step, tier, distance: distance + 1 })),
    );
  }
  await tx.run(dropSteps, [Math.min(...far.map(({ counter }) => counter))]);
}

function childrenOf(reader: Reader): Promise<ChildRow[]> {
  return reader.all<ChildRow>(readChildren);
}
