import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";
import { forgetAllGathered, forgetGathered } from "./gathered-records.ts";

/** A compartment that is to be fetched whole, and how far that has come: a marker of its own. */
export interface CompartmentFetch {
  readonly patient: string;
  /** Where the parent goes on; `null` for its beginning. */
  readonly place: string | null;
}

const readSome = sql(
  "select patient, place from compartment_fetches where parent = $1 order by place is null, asked_at, patient limit $2",
);
const readOf = sql({
  sqlite: `select one.patient, one.place
    from json_each($2) as p cross join compartment_fetches as one on one.parent = $1 and one.patient = p.value`,
  postgres: `select one.patient, one.place
    from json_array_elements_text($2::json) as p (id)
    join compartment_fetches as one on one.parent = $1 and one.patient = p.id`,
});
const lockThem = sql({
  sqlite: `select one.patient, one.place
    from json_each($2) as p cross join compartment_fetches as one on one.parent = $1 and one.patient = p.value`,
  postgres: `select one.patient, one.place
    from json_array_elements_text($2::json) as p (id)
    join compartment_fetches as one on one.parent = $1 and one.patient = p.id
    order by one.patient for update of one`,
});
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

/** Those of some patients whose compartments are to be fetched or are being fetched, with their places. */
export async function fetchesAmong(
  reader: Reader,
  parent: string,
  patients: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  if (patients.length === 0) return new Map();
  const rows = await reader.all<CompartmentFetch>(readOf, [parent, JSON.stringify(patients)]);
  return new Map(rows.map(({ patient, place }) => [patient, place]));
}

/** Whether compartments are still to be fetched from these places; locked until the transaction ends. */
export async function areStillAt(
  tx: Transaction,
  parent: string,
  fetches: readonly CompartmentFetch[],
): Promise<boolean> {
  const names = JSON.stringify(fetches.map(({ patient }) => patient));
  const rows = await tx.all<CompartmentFetch>(lockThem, [parent, names]);
  const places = new Map(rows.map(({ patient, place }) => [patient, place]));
  return fetches.every(({ patient, place }) => places.get(patient) === place);
}

/** Has compartments fetched from their beginning. */
export async function askForCompartments(
  tx: Transaction,
  parent: string,
  patients: readonly string[],
  now: number,
): Promise<void> {
  await forgetGathered(tx, parent, patients);
  await addSome(
    tx,
    patients.map((patient) => [parent, patient, null, now]),
  );
}

/** Notes how far a compartment has come, in the transaction that makes its records durable. */
export async function moveFetch(tx: Transaction, parent: string, patient: string, place: string): Promise<void> {
  await tx.run(moveOn, [parent, patient, place]);
}

/** Ends the fetching of compartments, and drops what was gathered of them. */
export async function forgetFetches(tx: Transaction, parent: string, patients: readonly string[]): Promise<void> {
  if (patients.length === 0) return;
  await forgetGathered(tx, parent, patients);
  await tx.run(forget, [parent, JSON.stringify(patients)]);
}

export async function forgetAllFetches(tx: Transaction, parent: string): Promise<void> {
  await forgetAllGathered(tx, parent);
  await tx.run(forgetEach, [parent]);
}
