import type { QueuedUnit } from "../push/queue/queued-unit.ts";
import { firstTypes, orderByPriority, unitsWith } from "./push-order.ts";
import { allowsType, everyType, type TypeFilter } from "./type-filter.ts";

/** What of the queue is sent, and what of it first. */
export interface PushPlan {
  /** The types that are pushed by themselves; a unit with a record of another one is held back whole. */
  readonly types?: TypeFilter | undefined;
  /** The types that go first, instead of the default ones. */
  readonly first?: readonly string[] | undefined;
  /** Only units with one of these records, `Type/id`, and what they depend on, whatever their types. */
  readonly only?: ReadonlySet<string> | undefined;
}

/** Whether a unit is held back because of its types. */
export function isHeldBack({ changes }: Pick<QueuedUnit, "changes">, { types = everyType, only }: PushPlan): boolean {
  return only === undefined && changes.some(({ type }) => !allowsType(types, type));
}

/** Chooses and orders units that may be sent. Pure. */
export function planned<Unit extends Pick<QueuedUnit, "changes">>(units: readonly Unit[], plan: PushPlan): Unit[] {
  if (plan.only) return unitsWith(units, plan.only);
  return orderByPriority(units, plan.first ?? firstTypes);
}
