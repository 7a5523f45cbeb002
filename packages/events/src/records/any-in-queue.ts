import { type Reader, sql } from "@tributary/database";

/** A version of a record, of which an event tells. */
interface ToldVersion {
  readonly type: string;
  readonly id: string;
  readonly version: number;
}

const findOne = sql({
  sqlite: `
    select 1 as found from json_each($1) told
    join event_records_queue queued on queued.entity_type = told.value ->> 0
      and queued.entity_id = told.value ->> 1 and queued.version = told.value ->> 2
    limit 1`,
  postgres: `
    select 1 as found from json_array_elements($1::json) told
    join event_records_queue queued on queued.entity_type = told ->> 0
      and queued.entity_id = told ->> 1 and queued.version = (told ->> 2)::bigint
    limit 1`,
});

/** Whether the event of any of these versions is committed and has no place in the log yet. */
export async function anyInQueue(reader: Reader, versions: readonly ToldVersion[]): Promise<boolean> {
  if (versions.length === 0) return false;
  const told = JSON.stringify(versions.map(({ type, id, version }) => [type, id, version]));
  return (await reader.first(findOne, [told])) !== undefined;
}
