import { type Reader, sql } from "@tributary/database";
import { type FailedUnit, failedUnitOf, type QueuedUnit, type QueueRow, unitColumns, unitOf } from "./queued-unit.ts";

const readUnits = sql(`
  select ${unitColumns} from push_units
  where parent = $1 and failure_class is null and counter > $2 order by counter limit $3`);
const readFailed = sql(`
  select ${unitColumns} from push_units
  where parent = $1 and failure_class is not null and is_discarded = 0 and coalesce(first_counter, counter) > $2
  order by coalesce(first_counter, counter) limit $3`);
const readFailedSome = sql({
  sqlite: `
    select ${unitColumns} from push_units
    where parent = $1 and failure_class is not null and is_discarded = 0
      and coalesce(first_counter, counter) in (select value from json_each($2))`,
  postgres: `
    select ${unitColumns} from push_units
    where parent = $1 and failure_class is not null and is_discarded = 0
      and coalesce(first_counter, counter) in (select json_array_elements_text($2::json)::bigint)`,
});
const readHeld = sql(`
  select ${unitColumns} from push_units
  where parent = $1 and failure_class is not null and rejected_reason is null order by counter`);

/** The oldest units that have no verdict yet and have not failed, behind a counter. */
export async function readQueuedUnits(reader: Reader, parent: string, limit: number, after = 0): Promise<QueuedUnit[]> {
  const rows = await reader.all<QueueRow>(readUnits, [parent, after, limit]);
  return rows.map(unitOf);
}

/** Units that failed, in the order of the counter under which each failed first, those behind `after`. */
export async function readFailedUnits(
  reader: Reader,
  parent: string,
  after: number,
  limit: number,
): Promise<FailedUnit[]> {
  return (await reader.all<QueueRow>(readFailed, [parent, after, limit])).map(failedUnitOf);
}

/** Those that failed first under some counters. */
export async function readFailedUnitsAt(
  reader: Reader,
  parent: string,
  firstCounters: readonly number[],
): Promise<FailedUnit[]> {
  return (await reader.all<QueueRow>(readFailedSome, [parent, JSON.stringify(firstCounters)])).map(failedUnitOf);
}

/** The units whose records wait with them: parked, stepped over, or still to be taken back. In the order of the queue. */
export async function readHeldUnits(reader: Reader, parent: string): Promise<FailedUnit[]> {
  return (await reader.all<QueueRow>(readHeld, [parent])).map(failedUnitOf);
}
