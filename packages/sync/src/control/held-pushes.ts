import type { Reader } from "@tributary/database";
import { referenceTo } from "@tributary/fhir";
import { readParentLink } from "../enrolment/parent-link.ts";
import { everyPage } from "../every-page.ts";
import type { QueuedUnit } from "../push/queue/queued-unit.ts";
import { readQueuedUnits } from "../push/queue/read-units.ts";
import { isHeldBack, type PushPlan } from "./push-plan.ts";

/** Units looked at in one step. */
const unitsPerStep = 1_000;

/**
 * How many queued units stay because of their types, those behind them with the same records included. It reads the queue,
 * and nothing at all when every type goes.
 */
export async function countHeldPushes(reader: Reader, parent: string, plan: PushPlan): Promise<number> {
  const { only, exclude = [] } = plan.types ?? {};
  if (only === undefined && exclude.length === 0) return 0;
  const heldNames = new Set<string>();
  let held = 0;
  const pages = everyPage<QueuedUnit>(unitsPerStep, (last) =>
    readQueuedUnits(reader, parent, unitsPerStep, last?.counter ?? 0),
  );
  for await (const some of pages) {
    for (const unit of some) {
      const names = unit.changes.map(referenceTo);
      if (!isHeldBack(unit, plan) && !names.some((name) => heldNames.has(name))) continue;
      held += 1;
      for (const name of names) heldNames.add(name);
    }
  }
  return held;
}

/** The same, of the link that this node has; 0 at a node without a parent. */
export async function countLinkHeldPushes(reader: Reader, plan: PushPlan): Promise<number> {
  const link = await readParentLink(reader);
  return link ? countHeldPushes(reader, link.parent, plan) : 0;
}
