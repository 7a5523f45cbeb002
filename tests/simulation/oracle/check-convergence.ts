import type { World } from "../world/world.ts";
import { CatchmentTruth, patientOfRecord } from "./catchment-truth.ts";
import type { Disk } from "./disk.ts";
import { refusedForGood } from "./refused-for-good.ts";
import { Violation } from "./violation.ts";

/**
 * I1: every child holds what its parent holds of its catchment, with the same content, and nothing else, but for what is for
 * every child and was lost by a restored parent, which takes it from none of them, and for edits that such a parent refuses.
 */
export function checkConvergence(world: World, disks: readonly Disk[]): void {
  const diskOf = new Map(disks.map((disk) => [disk.node, disk]));
  for (const child of world.children) {
    const parent = world.above(child);
    using truth = new CatchmentTruth(parent, child);
    const isShown = (record: string) => {
      const patient = patientOfRecord(record);
      return truth.isEverything || patient === undefined || truth.mustHold(patient);
    };
    const refused = refusedForGood(world, child).records;
    const mayKeep = (record: string) =>
      isShown(record) || refused.has(record) || truth.mayKeep(patientOfRecord(record) ?? "");
    const isAlone = (record: string) =>
      refused.has(record) || (world.restored.has(parent.name) && patientOfRecord(record) === undefined);
    checkLink(diskOf.get(parent.name)!, diskOf.get(child.name)!, { isShown, mayKeep, isAlone });
  }
}

function checkLink(
  above: Disk,
  below: Disk,
  { isShown, mayKeep, isAlone }: Readonly<Record<"isShown" | "mayKeep" | "isAlone", (record: string) => boolean>>,
): void {
  for (const [record, body] of above.current) {
    if (!isShown(record)) continue;
    if (below.current.get(record) === body) continue;
    // A record that was deleted before a node heard of it never comes to be there.
    if (body === undefined && !below.current.has(record)) continue;
    throw new Violation(
      "I1",
      `${record} differs between ${above.node} and ${below.node}:\n${body}\n${below.current.get(record)}`,
    );
  }
  for (const [record, body] of below.current) {
    if (body === undefined || isAlone(record)) continue;
    if (!above.current.has(record))
      throw new Violation("I1", `${record} is at ${below.node} and not at ${above.node}.`);
    if (!mayKeep(record)) throw new Violation("I5", `${record} is at ${below.node}, which has another catchment.`);
  }
}
