import { parseNodeId } from "@tributary/kernel";
import type { TierReach } from "./tier-reach.ts";

/** Header in which a parent that is a hub tells a child how far up the child's operations have come. */
export const upstreamHeader = "tributary-upstream";

/** Tiers above a node that are told of; nobody builds a tree so deep. */
const tiersMax = 16;

/** Writes the header, the nearest tier first: `region=0c9f2e:118, root=0c9f2e:90`. */
export function writeUpstreamHeader(reached: readonly TierReach[]): string {
  return reached
    .slice(0, tiersMax)
    .map(({ tier, incarnation, counter }) => `${tier}=${incarnation}:${counter}`)
    .join(", ");
}

/** Reads the header; what is no tier in it is left out. */
export function parseUpstreamHeader(text: string | undefined): TierReach[] {
  const parts = (text ?? "").split(", ", tiersMax);
  return parts.flatMap((part, at) => {
    const found = /^([^=]{1,63})=([\w-]{1,64}):(\d{1,15})$/.exec(part);
    const [, tier = "", incarnation = "", counter = ""] = found ?? [];
    return found && parseNodeId(tier) ? [{ tier, distance: at + 1, incarnation, counter: Number(counter) }] : [];
  });
}
