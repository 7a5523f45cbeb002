import type { Database } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import type { NodeId, Random } from "@tributary/kernel";
import type { PushPlan } from "../control/push-plan.ts";
import type { PushLine } from "./ask-verdicts.ts";
import type { UnitVerdict } from "./push-unit.ts";
import type { QueuedUnit } from "./queue/queued-unit.ts";

/** What a push works with: the node's own, its parent, and the line to it. */
export interface PushOptions extends PushLine {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly random: Random;
  /** This program's version. */
  readonly programVersion?: string;
  /** What of the queue is sent, and what first; all of it, the default types first, when left out. */
  readonly plan?: PushPlan;
  /** Told the verdicts of each answer once they are settled. */
  readonly onVerdicts?: (units: readonly QueuedUnit[], verdicts: ReadonlyMap<string, UnitVerdict>) => void;
}
