import type { World } from "../world/world.ts";
import { CatchmentTruth, patientOfRecord } from "./catchment-truth.ts";
import type { Disk } from "./disk.ts";
import { Violation } from "./violation.ts";

/**
 * I2, of conflicts: at rest each row of a parent stands at its children too, in the same state. A child with a catchment
 * hears of those that were open when their patient came in, and of all later ones.
 */
export function checkConflictsTravelled(world: World, disks: readonly Disk[]): void {
  const diskOf = new Map(disks.map((disk) => [disk.node, disk]));
  for (const child of world.children) {
    const parent = world.above(child);
    using truth = new CatchmentTruth(parent, child);
    const below = new Map(
      [...diskOf.get(child.name)!.conflicts.values()].flat().map(({ conflictId, state }) => [conflictId, state]),
    );
    for (const [record, rows] of diskOf.get(parent.name)!.conflicts) {
      const isShown = truth.isEverything || truth.mustHold(patientOfRecord(record) ?? "");
      for (const { conflictId, state } of rows) {
        const there = below.get(conflictId);
        const isDue = truth.isEverything || (isShown && (state === "open" || there !== undefined));
        if (!isDue || there === state) continue;
        throw new Violation("I2", `A conflict of ${record} is ${state} above ${child.name} and ${there} there.`);
      }
    }
  }
}
