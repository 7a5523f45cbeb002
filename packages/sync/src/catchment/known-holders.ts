import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";

const putSome = bulkInsert(
  "known_holders",
  { node: "text", patient: "text" },
  "on conflict (node, patient) do nothing",
);
const readAmong = sql({
  sqlite: `select h.patient from json_each($2) p
    cross join known_holders h on h.node = $1 and h.patient = p.value`,
  postgres: `select h.patient from json_array_elements_text($2::json) as p (id)
    join known_holders h on h.node = $1 and h.patient = p.id`,
});

/**
 * Remembers that a child has had some patients though no membership tells so: a node that was restored from a backup has
 * forgotten it, and learns it from who still knows.
 */
export async function noteHolder(tx: Transaction, node: string, patients: readonly string[]): Promise<void> {
  await putSome(
    tx,
    patients.map((patient) => [node, patient]),
  );
}

/** Those of some patients whom a child is so known to have had. */
export async function heldAmong(
  reader: Reader,
  node: string,
  patients: readonly string[],
): Promise<ReadonlySet<string>> {
  if (patients.length === 0) return new Set();
  const rows = await reader.all<{ patient: string }>(readAmong, [node, JSON.stringify(patients)]);
  return new Set(rows.map(({ patient }) => patient));
}
