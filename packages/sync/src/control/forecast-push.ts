import type { Database } from "@tributary/database";
import { type ResourceKey, type ResourceStore, referenceTo } from "@tributary/fhir";
import { gatherUnits } from "../push/queue/gather-units.ts";
import { readChangesToQueue } from "../push/queue/own-changes.ts";
import { readQueuedUnits } from "../push/queue/read-units.ts";
import { countByType, type Forecast, type ForecastRecord, forecastOf } from "./forecast.ts";
import { isHeldBack, type PushPlan } from "./push-plan.ts";

/** Records whose sizes are read at a time. */
const recordsPerStep = 500;

export interface ForecastPushOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly parent: string;
  readonly plan: PushPlan;
}

/** Tells what a push would send now: what is queued, and what has been changed since it was. It asks nobody. */
export async function forecastPush({ database, store, parent, plan }: ForecastPushOptions): Promise<Forecast> {
  const [queued, changes] = await database.snapshot(async (reader) => [
    await readQueuedUnits(reader, parent, Number.MAX_SAFE_INTEGER),
    await readChangesToQueue(reader, parent),
  ]);
  const units = [...queued, ...gatherUnits(changes).map((unit) => ({ changes: unit }))];
  const held = distinct(units.filter((unit) => isHeldBack(unit, plan)).flatMap((unit) => unit.changes));
  const going = distinct(units.filter((unit) => !isHeldBack(unit, plan)).flatMap((unit) => unit.changes));
  const records: ForecastRecord[] = [];
  for (let at = 0; at < going.length; at += recordsPerStep) {
    const some = going.slice(at, at + recordsPerStep);
    const current = await store.readMany(database, some);
    for (const key of some) records.push({ type: key.type, size: current.get(referenceTo(key))?.body?.length ?? 0 });
  }
  return forecastOf(records, countByType(held));
}

function distinct(keys: readonly ResourceKey[]): ResourceKey[] {
  return [...new Map(keys.map(({ type, id }) => [`${type}/${id}`, { type, id }])).values()];
}
