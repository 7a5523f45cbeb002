import { type Reader, sql } from "@tributary/database";
import { type ResourceKey, readCurrentVersions } from "@tributary/fhir";

const readFront = sql(`
  select changes from push_units where parent = $1 and failure_class is null order by counter limit 1`);

/**
 * When the records at the front of the queue were last written, in milliseconds since 1970: what waits longest to be sent.
 * `null` when nothing waits but what has failed. Changes that no push has looked at yet are not in the queue.
 */
export async function readOldestUnsent(reader: Reader, parent: string): Promise<number | null> {
  const row = await reader.first<{ changes: string }>(readFront, [parent]);
  if (!row) return null;
  const keys = JSON.parse(row.changes) as ResourceKey[];
  const versions = await readCurrentVersions(reader, keys);
  const times = [...versions.values()].map(({ lastUpdated }) => lastUpdated);
  return times.length === 0 ? null : Math.min(...times);
}
