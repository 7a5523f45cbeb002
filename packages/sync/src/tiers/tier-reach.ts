import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";

/** How far a node's operations have come: all of this incarnation up to the counter are at the tier. */
export interface TierReach {
  /** The node of that tier. */
  readonly tier: string;
  /** 1 for the parent's parent, as the asking node sees it, and one more for each tier above. */
  readonly distance: number;
  readonly incarnation: string;
  readonly counter: number;
}

const readOfNode = sql(
  "select tier, distance, incarnation, counter from tier_reach where node = $1 and tier <> '' order by distance, tier",
);
const putSome = bulkInsert(
  "tier_reach",
  { node: "text", tier: "text", distance: "integer", incarnation: "text", counter: "bigint" },
  `on conflict (node, tier) do update set
     distance = excluded.distance,
     counter = case
       when tier_reach.incarnation = excluded.incarnation and tier_reach.counter > excluded.counter then tier_reach.counter
       else excluded.counter end,
     incarnation = excluded.incarnation`,
);

/** The tiers above that are known to have a node's operations, the nearest first. */
export function readTierReach(reader: Reader, node: string): Promise<TierReach[]> {
  return reader.all<TierReach & Record<string, never>>(readOfNode, [node]);
}

/** Notes how far nodes' operations have come; within an incarnation a reach only grows. */
export async function putTierReach(
  tx: Transaction,
  reached: readonly (TierReach & { readonly node: string })[],
): Promise<void> {
  await putSome(
    tx,
    reached.map(({ node, tier, distance, incarnation, counter }) => [node, tier, distance, incarnation, counter]),
  );
}
