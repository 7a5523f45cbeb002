import { type Reader, sql, type Transaction } from "@tributary/database";
import { type ResourceKey, referenceTo } from "../model/resource-key.ts";
import { listOf } from "./read-versions.ts";
import { type StoredVersion, storedVersionOf, type VersionRow, versionColumns } from "./stored-version.ts";

/** A record of a compartment, with its place in it: one reads on behind the place of the last record. */
export interface CompartmentRecord {
  readonly place: number;
  readonly stored: StoredVersion;
}

/** A stretch of one patient's compartment. */
export interface CompartmentRequest {
  /** The patient's id. */
  readonly patient: string;
  /** Only records behind this place; from the first when it is absent. */
  readonly after?: number;
  readonly limit: number;
}

/** A reference that a record of a patient makes. */
export interface CompartmentReference {
  readonly patient: string;
  /** The type of the record that refers. */
  readonly type: string;
  readonly target: ResourceKey;
}

const selectStretch = sql(`
  select ${versionColumns}, r.resource_key as place
  from resource r join resource_version v on v.resource_key = r.resource_key and v.version = r.version
  where r.patient = $1 and r.resource_key > $2
  order by r.resource_key limit $3`);
const selectOfTypes = sql({
  sqlite: `select ${versionColumns}, r.resource_key as place
    from resource r join resource_version v on v.resource_key = r.resource_key and v.version = r.version
    where r.type in (select value from json_each($1)) and r.patient is null and r.resource_key > $2
    order by r.resource_key limit $3`,
  postgres: `select ${versionColumns}, r.resource_key as place
    from resource r join resource_version v on v.resource_key = r.resource_key and v.version = r.version
    where r.type in (select json_array_elements_text($1::json)) and r.patient is null
      and r.resource_key > $2
    order by r.resource_key limit $3`,
});
const selectPatientsHere = sql("select distinct patient from resource where patient > $1 order by patient limit $2");
const selectKeys = sql({
  sqlite: `select r.type, r.id from json_each($1) p cross join resource r on r.patient = p.value`,
  postgres: `select r.type, r.id from json_array_elements_text($1::json) as p (id) join resource r on r.patient = p.id`,
});
const selectPatients = sql({
  sqlite: `select r.type, r.id, r.patient
    from json_each($1) k
    cross join resource r on r.type = k.value ->> 'type' and r.id = k.value ->> 'id'`,
  postgres: `select r.type, r.id, r.patient
    from json_to_recordset($1::json) as k (type text, id text)
    join resource r on r.type = k.type and r.id = k.id`,
});
const selectBodies = sql({
  sqlite: `select r.patient, v.body
    from json_each($1) p
    cross join resource r on r.patient = p.value and r.type = $2 and r.is_deleted = 0
    join resource_version v on v.resource_key = r.resource_key and v.version = r.version`,
  postgres: `select r.patient, v.body
    from json_array_elements_text($1::json) as p (id)
    join resource r on r.patient = p.id and r.type = $2 and r.is_deleted = 0
    join resource_version v on v.resource_key = r.resource_key and v.version = r.version`,
});
const selectReferences = sql({
  sqlite: `select distinct r.patient, r.type, f.target_type, f.target_id
    from json_each($1) p
    cross join resource r on r.patient = p.value and r.is_deleted = 0
      and r.type in (select value from json_each($2))
    cross join search_reference f on f.resource_key = r.resource_key
      and f.target_type in (select value from json_each($3))`,
  postgres: `select distinct r.patient, r.type, f.target_type, f.target_id
    from json_array_elements_text($1::json) as p (id)
    join resource r on r.patient = p.id and r.is_deleted = 0
      and r.type in (select json_array_elements_text($2::json))
    join search_reference f on f.resource_key = r.resource_key
      and f.target_type in (select json_array_elements_text($3::json))`,
});
const selectOrigins = sql({
  sqlite: `select r.id, v.origin_node
    from json_each($1) p
    cross join resource r on r.type = 'Patient' and r.id = p.value
    join resource_version v on v.resource_key = r.resource_key and v.version = 1`,
  postgres: `select r.id, v.origin_node
    from json_array_elements_text($1::json) as p (id)
    join resource r on r.type = 'Patient' and r.id = p.id
    join resource_version v on v.resource_key = r.resource_key and v.version = 1`,
});
const selectNextPatients = sql("select id from resource where type = 'Patient' and id > $1 order by id limit $2");
const countPatientRows = sql("select count(*) as n from resource where type = 'Patient'");

/** Reads a stretch of a patient's compartment: current versions, deletions included, in a fixed order. */
export async function readCompartment(
  reader: Reader,
  { patient, after = 0, limit }: CompartmentRequest,
): Promise<CompartmentRecord[]> {
  const rows = await reader.all<VersionRow & { readonly place: number }>(selectStretch, [patient, after, limit]);
  return rows.map((row) => ({ place: row.place, stored: storedVersionOf(row) }));
}

/** Reads a stretch of the records of some types that belong to no patient, as `readCompartment` does a patient's. */
export async function readRecordsOfTypes(
  reader: Reader,
  { types, after = 0, limit }: { readonly types: readonly string[]; readonly after?: number; readonly limit: number },
): Promise<CompartmentRecord[]> {
  const parameters = [JSON.stringify(types), after, limit];
  const rows = await reader.all<VersionRow & { readonly place: number }>(selectOfTypes, parameters);
  return rows.map((row) => ({ place: row.place, stored: storedVersionOf(row) }));
}

/** Names every record of some patients' compartments, deleted ones included. */
export function keysOfCompartments(reader: Reader, patients: readonly string[]): Promise<ResourceKey[]> {
  return reader.all<ResourceKey>(selectKeys, [JSON.stringify(patients)]);
}

/** The patient of each record by `Type/id`, `null` for a record of none; records that never were are absent. */
export async function patientsOfRecords(
  reader: Reader,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, string | null>> {
  if (keys.length === 0) return new Map();
  const rows = await reader.all<ResourceKey & { readonly patient: string | null }>(selectPatients, [listOf(keys)]);
  return new Map(rows.map((row) => [referenceTo(row), row.patient]));
}

/** The current bodies of one type in some patients' compartments, in no particular order. */
export async function bodiesOfCompartments(
  reader: Reader,
  patients: readonly string[],
  type: string,
): Promise<readonly { readonly patient: string; readonly body: string }[]> {
  return reader.all(selectBodies, [JSON.stringify(patients), type]);
}

/** What records of `types` in some patients' compartments refer to, as far as it is of `targetTypes`; from the search index. */
export async function referencesOfCompartments(
  reader: Reader,
  patients: readonly string[],
  types: readonly string[],
  targetTypes: readonly string[],
): Promise<CompartmentReference[]> {
  const rows = await reader.all<{ patient: string; type: string; target_type: string; target_id: string }>(
    selectReferences,
    [JSON.stringify(patients), JSON.stringify(types), JSON.stringify(targetTypes)],
  );
  return rows.map((row) => ({
    patient: row.patient,
    type: row.type,
    target: { type: row.target_type, id: row.target_id },
  }));
}

/** The node on which each Patient was first written, by the patient's id. */
export async function originsOfPatients(
  reader: Reader,
  patients: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await reader.all<{ id: string; origin_node: string }>(selectOrigins, [JSON.stringify(patients)]);
  return new Map(rows.map((row) => [row.id, row.origin_node]));
}

/** The next Patients by id, deleted ones included, for going through all of them in portions. */
export async function nextPatients(reader: Reader, after: string, limit: number): Promise<string[]> {
  return (await reader.all<{ id: string }>(selectNextPatients, [after, limit])).map(({ id }) => id);
}

/** The next patients by id of whom there is any record, for going through all of them in portions. */
export async function nextPatientsHere(reader: Reader, after: string, limit: number): Promise<string[]> {
  const rows = await reader.all<{ patient: string }>(selectPatientsHere, [after, limit]);
  return rows.map(({ patient }) => patient);
}

/** How many Patients there are, deleted ones included. */
export async function countPatients(reader: Reader): Promise<number> {
  return (await reader.first<{ n: number }>(countPatientRows))?.n ?? 0;
}

const purges = ["search_token", "search_string", "search_reference", "search_date", "search_quantity"]
  .concat("resource_version", "resource")
  .map((table) =>
    sql({
      sqlite: `delete from ${table} where resource_key in (
        select r.resource_key from json_each($1) k
        cross join resource r on r.type = k.value ->> 'type' and r.id = k.value ->> 'id')`,
      postgres: `delete from ${table} where resource_key in (
        select r.resource_key from json_to_recordset($1::json) as k (type text, id text)
        join resource r on r.type = k.type and r.id = k.id)`,
    }),
  );

/**
 * Removes records, with every earlier version and what the search index knows of them, as if they had never been here. It
 * is no deletion: no version is written and nobody is told. Whoever does it has locked them.
 */
export async function purgeRecords(tx: Transaction, keys: readonly ResourceKey[]): Promise<void> {
  if (keys.length === 0) return;
  const purged = listOf(keys);
  for (const purge of purges) await tx.run(purge, [purged]);
}
