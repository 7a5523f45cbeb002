import { DatabaseSync } from "node:sqlite";
import type { SimNode } from "../world/sim-node.ts";
import type { World } from "../world/world.ts";
import { CatchmentTruth, patientOfRecord } from "./catchment-truth.ts";

const waitingUnits = "select failure_class, changes from push_units";

interface WaitingUnit {
  readonly failure_class: string | null;
  readonly changes: string;
}

/** What a child waits with and what of it nobody promises, by `Type/id`. */
export interface Refused {
  readonly records: ReadonlySet<string>;
  /** Whether nothing else waits there. */
  readonly isAll: boolean;
}

/**
 * What a restored parent refuses for good: changes of patients of whom its disk, as it was put back, knows no reason why the
 * child ever had them.
 */
export function refusedForGood(world: World, child: SimNode): Refused {
  using database = new DatabaseSync(child.file, { readOnly: true });
  const units = database.prepare(waitingUnits).all() as unknown as WaitingUnit[];
  const records = new Set<string>();
  if (units.length === 0 || !world.restored.has(child.parent ?? "")) return { records, isAll: units.length === 0 };
  using truth = new CatchmentTruth(world.above(child), child);
  let isAll = true;
  for (const { failure_class: failureClass, changes } of units) {
    const names = (JSON.parse(changes) as { type: string; id: string }[]).map(({ type, id }) => `${type}/${id}`);
    const isForgotten = names.some((name) => !truth.mayEverHaveHeld(patientOfRecord(name) ?? ""));
    if (failureClass === "forbidden" && isForgotten) for (const name of names) records.add(name);
    else isAll = false;
  }
  return { records, isAll };
}
