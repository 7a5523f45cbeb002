import type { ResourceStore } from "@tributary/fhir";
import type { Clock, NodeId, Random } from "@tributary/kernel";

/** What somebody who decides about a conflict works with. */
export interface ResolveOptions {
  readonly store: ResourceStore;
  /** This node, where the decision is made and the edit with it. */
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly random: Random;
}
