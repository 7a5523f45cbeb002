import { parseNodeId } from "@tributary/kernel";
import type { CatchmentStrategy } from "../rule/catchment-strategy.ts";

const nodesMax = 1_000;

/** Chooses the patients who were registered at certain nodes: `{"registered-at": ["clinic-1"]}`. */
export const registeredAt: CatchmentStrategy = {
  name: "registered-at",
  read(given) {
    if (
      !Array.isArray(given) ||
      given.length > nodesMax ||
      !given.every((node) => typeof node === "string" && parseNodeId(node))
    ) {
      return "it has a list of nodes' names.";
    }
    const nodes = new Set<unknown>(given);
    return {
      needs: { origin: true },
      holds: ({ originNode }) => (originNode === undefined ? undefined : nodes.has(originNode)),
    };
  },
};
