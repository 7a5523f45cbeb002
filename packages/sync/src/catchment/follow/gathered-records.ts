import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";
import type { ResourceKey } from "@tributary/fhir";
import type { TravellingRecord } from "../../stream/record-batch.ts";

/** A record of a compartment that has come in part. */
export interface GatheredRecord {
  readonly patient: string;
  readonly type: string;
  readonly id: string;
  /** As it travelled; `undefined` when it has changed since and is to be read again. */
  readonly record: TravellingRecord | undefined;
}

/** What has been gathered of a compartment. */
export interface GatheredSize {
  readonly records: number;
  /** Characters of the records as they are kept. */
  readonly length: number;
}

interface GatheredRow {
  readonly patient: string;
  readonly type: string;
  readonly id: string;
  readonly record: string | null;
}

const readSome = sql({
  sqlite: `select one.patient, one.type, one.id, one.record
    from json_each($2) as p cross join gathered_records as one on one.parent = $1 and one.patient = p.value`,
  postgres: `select one.patient, one.type, one.id, one.record
    from json_array_elements_text($2::json) as p (id)
    join gathered_records as one on one.parent = $1 and one.patient = p.id`,
});
const measure = sql(`
  select count(*) as records, coalesce(sum(length(record)), 0) as length
  from gathered_records where parent = $1 and patient = $2`);
const readPatients = sql("select distinct patient from gathered_records where parent = $1 order by patient");
// Once a record is known to have changed, no answer that was asked for before makes that undone.
const putSome = bulkInsert(
  "gathered_records",
  { parent: "text", patient: "text", type: "text", id: "text", record: "text" },
  `on conflict (parent, patient, type, id) do update set
     record = case when gathered_records.record is null then null else excluded.record end`,
);
const doubtSome = sql({
  sqlite: `update gathered_records set record = null
    where parent = $1 and (type, id) in (select value ->> 0, value ->> 1 from json_each($2))`,
  postgres: `update gathered_records set record = null
    where parent = $1 and (type, id) in (select value ->> 0, value ->> 1 from json_array_elements($2::json))`,
});
const forgetSome = sql({
  sqlite: "delete from gathered_records where parent = $1 and patient in (select value from json_each($2))",
  postgres: "delete from gathered_records where parent = $1 and patient in (select json_array_elements_text($2::json))",
});
const forgetEach = sql("delete from gathered_records where parent = $1");

/** Keeps records of a compartment apart until the rest of it is there; nobody sees them until then. */
export async function gather(
  tx: Transaction,
  parent: string,
  patient: string,
  records: readonly TravellingRecord[],
): Promise<void> {
  await putSome(
    tx,
    records.map((record) => [parent, patient, record.type, record.id, JSON.stringify(record)]),
  );
}

/** Notes that records of compartments that have come in part have changed at the parent since, or may have. */
export async function gatherAgain(
  tx: Transaction,
  parent: string,
  records: readonly Omit<GatheredRecord, "record">[],
): Promise<void> {
  await putSome(
    tx,
    records.map(({ patient, type, id }) => [parent, patient, type, id, null]),
  );
}

/** Has records that were gathered, whichever patient's they were then, read again at the end: they have left since. */
export async function doubtGathered(tx: Transaction, parent: string, records: readonly ResourceKey[]): Promise<void> {
  if (records.length > 0) await tx.run(doubtSome, [parent, JSON.stringify(records.map(({ type, id }) => [type, id]))]);
}

/** What has been gathered of some patients' compartments. */
export async function readGathered(
  reader: Reader,
  parent: string,
  patients: readonly string[],
): Promise<GatheredRecord[]> {
  if (patients.length === 0) return [];
  const rows = await reader.all<GatheredRow>(readSome, [parent, JSON.stringify(patients)]);
  return rows.map(({ patient, type, id, record }) => ({
    patient,
    type,
    id,
    record: record === null ? undefined : (JSON.parse(record) as TravellingRecord),
  }));
}

export async function sizeOfGathered(reader: Reader, parent: string, patient: string): Promise<GatheredSize> {
  const row = await reader.first<{ records: number; length: number }>(measure, [parent, patient]);
  return { records: row?.records ?? 0, length: Number(row?.length ?? 0) };
}

/** The patients of whom anything is gathered. */
export async function patientsGathered(reader: Reader, parent: string): Promise<string[]> {
  return (await reader.all<{ patient: string }>(readPatients, [parent])).map(({ patient }) => patient);
}

export async function forgetGathered(tx: Transaction, parent: string, patients: readonly string[]): Promise<void> {
  if (patients.length > 0) await tx.run(forgetSome, [parent, JSON.stringify(patients)]);
}

export async function forgetAllGathered(tx: Transaction, parent: string): Promise<void> {
  await tx.run(forgetEach, [parent]);
}
