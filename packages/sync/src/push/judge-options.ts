import type { Transaction } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import type { Clock, NodeId, Random } from "@tributary/kernel";
import type { PolicySource } from "../conflict/merge/policy/policy-source.ts";
import type { PushUnit } from "./push-unit.ts";

/** By what a parent judges units. */
export interface JudgeOptions {
  readonly store: ResourceStore;
  /** This node, the parent. */
  readonly nodeId: NodeId;
  /** The site's merge rules, asked before the default ones. */
  readonly policies?: PolicySource;
  /** Units of which a patient is not the child's any more; asked within the transaction that has taken them. None when absent. */
  readonly lateAmong?:
    | ((tx: Transaction, child: string, units: readonly PushUnit[]) => Promise<ReadonlySet<PushUnit>>)
    | undefined;
  /** Records, `Type/id`, that are taken in the same transaction from other units: nothing waits for them. */
  readonly arriving?: ReadonlySet<string> | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/** A unit that is being taken. */
export interface Taking {
  readonly unit: PushUnit;
  readonly child: string;
  /** What its changes are told as: other units may be taken in the same transaction. */
  readonly changeSet: string;
}
