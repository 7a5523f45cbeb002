import { type Reader, sql } from "@tributary/database";

const countUnits = sql(`
  select
    sum(case when failure_class is null then 1 else 0 end) as waiting,
    sum(case when rejected_reason is not null then 1 else 0 end) as rejected,
    sum(case when parked_missing is not null and is_discarded = 0 then 1 else 0 end) as parked,
    sum(case when failure_class is not null and rejected_reason is null and parked_missing is null and is_discarded = 0
      then 1 else 0 end) as delayed,
    sum(is_discarded) as discarded
  from push_units where parent = $1`);

/** How many units wait, and for what. */
export interface QueueCounts {
  /** Without a verdict. */
  readonly waiting: number;
  readonly rejected: number;
  readonly parked: number;
  /** Stepped over; sent again after a while. */
  readonly delayed: number;
  /** Given up here and still to be taken back from the parent. */
  readonly discarded: number;
}

/** Counts the units for one parent. */
export async function countQueuedUnits(reader: Reader, parent: string): Promise<QueueCounts> {
  const row = await reader.first<{ [Count in keyof QueueCounts]: number | string | null }>(countUnits, [parent]);
  const count = (name: keyof QueueCounts): number => Number(row?.[name] ?? 0);
  return {
    waiting: count("waiting"),
    rejected: count("rejected"),
    parked: count("parked"),
    delayed: count("delayed"),
    discarded: count("discarded"),
  };
}
