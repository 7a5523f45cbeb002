import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";

/** A compartment that is to be fetched whole, and how far that has come: a marker of its own. */
export interface CompartmentFetch {
  readonly patient: string;
  /** Where the parent goes on; `null` for its beginning. */
  readonly place: string | null;
}

const readSome = sql(
  "select patient, place from compartment_fetches where parent = $1 order by place is null, asked_at, patient limit $2",
);
const moveOn = sql("update compartment_fetches set place = $3 where parent = $1 and patient = $2");
const addSome = bulkInsert(
  "compartment_fetches",
  { parent: "text", patient: "text", place: "text", asked_at: "bigint" },
  "on conflict (parent, patient) do update set place = null, asked_at = excluded.asked_at",
);
const forget = sql({
  sqlite: "delete from compartment_fetches where parent = $1 and patient in (select value from json_each($2))",
  postgres:
    "delete from compartment_fetches where parent = $1 and patient in (select json_array_elements_text($2::json))",
});
const forgetEach = sql("delete from compartment_fetches where parent = $1");

/** The next compartments to fetch, those that were begun first. */
export function readFetches(reader: Reader, parent: string, limit: number): Promise<CompartmentFetch[]> {
  return reader.all<CompartmentFetch>(readSome, [parent, limit]);
}

/** Has compartments fetched from their beginning. */
export async function askForCompartments(
  tx: Transaction,
  parent: string,
  patients: readonly string[],
  now: number,
): Promise<void> {
  await addSome(
    tx,
    patients.map((patient) => [parent, patient, null, now]),
  );
}

/** Notes how far a compartment has come, in the transaction that makes its records durable. */
export async function moveFetch(tx: Transaction, parent: string, patient: string, place: string): Promise<void> {
  await tx.run(moveOn, [parent, patient, place]);
}

export async function forgetFetches(tx: Transaction, parent: string, patients: readonly string[]): Promise<void> {
  if (patients.length > 0) await tx.run(forget, [parent, JSON.stringify(patients)]);
}

export async function forgetAllFetches(tx: Transaction, parent: string): Promise<void> {
  await tx.run(forgetEach, [parent]);
}
