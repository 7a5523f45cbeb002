import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";
import type { ResourceKey } from "@tributary/fhir";

const putSome = bulkInsert(
  "held_pulls",
  { link: "text", type: "text", id: "text", held_at: "bigint" },
  "on conflict (link, type, id) do nothing",
);
const countByType = sql("select type, count(*) as n from held_pulls where link = $1 group by type order by type");
const readSome = sql(`
  select type, id from held_pulls where link = $1 and type = $2 order by id limit $3`);
const forgetSome = sql({
  sqlite: `delete from held_pulls where link = $1 and (type, id) in
             (select value ->> 0, value ->> 1 from json_each($2))`,
  postgres: `delete from held_pulls where link = $1 and (type, id) in
               (select value ->> 0, value ->> 1 from json_array_elements($2::json))`,
});

/** Notes that records changed at the parent whose type is not pulled, in the transaction that moves the marker past them. */
export async function holdPulls(
  tx: Transaction,
  link: string,
  records: readonly ResourceKey[],
  now: number,
): Promise<void> {
  if (records.length === 0) return;
  const distinct = new Map(records.map(({ type, id }) => [`${type}/${id}`, [link, type, id, now] as const]));
  await putSome(tx, [...distinct.values()]);
}

/** How many records of each type are held back. */
export async function countHeldPulls(reader: Reader, link: string): Promise<Record<string, number>> {
  const rows = await reader.all<{ type: string; n: number }>(countByType, [link]);
  return Object.fromEntries(rows.map(({ type, n }) => [type, n]));
}

/** Records of one type that are held back, the first by id. */
export function readHeldPulls(reader: Reader, link: string, type: string, limit: number): Promise<ResourceKey[]> {
  return reader.all<ResourceKey>(readSome, [link, type, limit]);
}

/** Strikes records off, since they have been dealt with. */
export async function forgetHeldPulls(tx: Transaction, link: string, records: readonly ResourceKey[]): Promise<void> {
  if (records.length > 0) await tx.run(forgetSome, [link, JSON.stringify(records.map(({ type, id }) => [type, id]))]);
}
