import type { Database } from "@tributary/database";
import type { Exchange } from "../line/exchange.ts";
import { putTierReach } from "./tier-reach.ts";
import { parseUpstreamHeader, upstreamHeader } from "./upstream-header.ts";

/** A line to a parent that notes what its answers tell of the tiers above; the same news costs one write. */
export function hearingReach(exchange: Exchange, database: Database, node: string): Exchange {
  let heard: string | undefined;
  return async (request, signal) => {
    const answer = await exchange(request, signal);
    const told = answer.headers[upstreamHeader];
    if (told !== undefined && told !== heard) {
      const reached = parseUpstreamHeader(told).map((one) => ({ ...one, node }));
      await database.transaction((tx) => putTierReach(tx, reached));
      heard = told;
    }
    return answer;
  };
}
