import { type Reader, sql, type Transaction } from "@tributary/database";

/** That a child may have one patient's records for a while, though the patient is not in its catchment. */
export interface GuestGrant {
  readonly patient: string;
  readonly purpose: string;
  readonly grantedAt: number;
  readonly grantedUntil: number;
}

const putOne = sql(`
  insert into guest_grants (node, patient, purpose, granted_at, granted_until) values ($1, $2, $3, $4, $5)
  on conflict (node, patient) do update set
    purpose = excluded.purpose, granted_at = excluded.granted_at, granted_until = excluded.granted_until`);
const readAmong = sql({
  sqlite: `select g.patient, g.granted_until from json_each($2) p
    cross join guest_grants g on g.node = $1 and g.patient = p.value`,
  postgres: `select g.patient, g.granted_until from json_array_elements_text($2::json) as p (id)
    join guest_grants g on g.node = $1 and g.patient = p.id`,
});
const countSince = sql("select count(*) as n from guest_grants where node = $1 and granted_at > $2");

export async function putGuestGrant(tx: Transaction, node: string, grant: GuestGrant): Promise<void> {
  await tx.run(putOne, [node, grant.patient, grant.purpose, grant.grantedAt, grant.grantedUntil]);
}

/** Until when a child may have some patients' records as guests, by patient; absent are those it never was granted. */
export async function grantsAmong(
  reader: Reader,
  node: string,
  patients: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (patients.length === 0) return new Map();
  const rows = await reader.all<{ patient: string; granted_until: number }>(readAmong, [
    node,
    JSON.stringify(patients),
  ]);
  return new Map(rows.map((row) => [row.patient, row.granted_until]));
}

/** How many patients a child was granted since a moment. */
export async function countGrantsSince(reader: Reader, node: string, since: number): Promise<number> {
  return (await reader.first<{ n: number }>(countSince, [node, since]))?.n ?? 0;
}
