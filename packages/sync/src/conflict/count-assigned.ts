import { type Reader, sql } from "@tributary/database";

/** People and groups that are told; no site shares its conflicts among so many. */
const assigneesMax = 1_000;

const readAssigned = sql(`
  select assignee, count(*) as open from conflicts
  where state = 'open' and assignee is not null group by assignee order by assignee limit ${assigneesMax}`);

/** To whom open conflicts are assigned here, and how many to each. */
export async function countAssigned(reader: Reader): Promise<ReadonlyMap<string, number>> {
  const rows = await reader.all<{ assignee: string; open: number }>(readAssigned);
  return new Map(rows.map(({ assignee, open }) => [assignee, open]));
}
