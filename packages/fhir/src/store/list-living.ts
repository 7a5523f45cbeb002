import { type Reader, sql } from "@tributary/database";
import type { ResourceKey } from "../model/resource-key.ts";
import { type StoredVersion, storedVersionOf, type VersionRow, versionColumns } from "./stored-version.ts";

/** A record as it is now, with the patient in whose compartment it is. */
export interface LivingRecord extends StoredVersion {
  readonly patient: string | null;
  readonly body: string;
}

/** A place among the records by patient; the page behind it begins with the next one. */
export type PlaceByPatient = ResourceKey & { readonly patient: string };

type LivingRow = VersionRow & { readonly patient: string | null; readonly body: string };

const current = `from resource r join resource_version v on v.resource_key = r.resource_key and v.version = r.version`;
const readByPatient = sql(`
  select r.patient, ${versionColumns} ${current}
  where r.patient is not null and r.is_deleted = 0 and (r.patient, r.type, r.id) > ($1, $2, $3)
  order by r.patient, r.type, r.id
  limit $4`);
const readOfPatients = sql({
  sqlite: `
    select r.patient, ${versionColumns}
    from json_each($1) asked
    cross join resource r on r.patient = asked.value
    join resource_version v on v.resource_key = r.resource_key and v.version = r.version
    where r.is_deleted = 0
    order by r.patient, r.type, r.id`,
  postgres: `
    select r.patient, ${versionColumns} ${current}
    where r.patient in (select value #>> '{}' from json_array_elements($1::json)) and r.is_deleted = 0
    order by r.patient, r.type, r.id`,
});
const readWithoutPatient = sql(`
  select r.patient, ${versionColumns} ${current}
  where r.patient is null and r.is_deleted = 0 and (r.type, r.id) > ($1, $2)
  order by r.type, r.id
  limit $3`);

const readDeletedOfPatients = sql({
  sqlite: `
    select r.type, r.id from json_each($1) asked
    cross join resource r on r.patient = asked.value
    where r.is_deleted = 1 and r.last_updated > $2
    order by r.type, r.id`,
  postgres: `
    select r.type, r.id from resource r
    where r.patient in (select value #>> '{}' from json_array_elements($1::json))
      and r.is_deleted = 1 and r.last_updated > $2
    order by r.type, r.id`,
});

/** The records that exist and belong to a patient, patient by patient, at most `limit` of them behind a place. */
export async function listLivingByPatient(
  reader: Reader,
  after: PlaceByPatient | undefined,
  limit: number,
): Promise<LivingRecord[]> {
  const place = [after?.patient ?? "", after?.type ?? "", after?.id ?? ""];
  return (await reader.all<LivingRow>(readByPatient, [...place, limit])).map(livingOf);
}

/** All records that exist of some patients, patient by patient. */
export async function listLivingOfPatients(reader: Reader, patients: readonly string[]): Promise<LivingRecord[]> {
  return (await reader.all<LivingRow>(readOfPatients, [JSON.stringify(patients)])).map(livingOf);
}

/** The records of some patients that were deleted after a moment, in milliseconds since 1970. */
export function listDeletedOfPatients(
  reader: Reader,
  patients: readonly string[],
  after: number,
): Promise<ResourceKey[]> {
  return reader.all<ResourceKey>(readDeletedOfPatients, [JSON.stringify(patients), after]);
}

/** The records that exist and belong to no patient, by type and id, at most `limit` of them behind a key. */
export async function listLivingWithoutPatient(
  reader: Reader,
  after: ResourceKey | undefined,
  limit: number,
): Promise<LivingRecord[]> {
  const rows = await reader.all<LivingRow>(readWithoutPatient, [after?.type ?? "", after?.id ?? "", limit]);
  return rows.map(livingOf);
}

function livingOf(row: LivingRow): LivingRecord {
  return { ...storedVersionOf(row), body: row.body, patient: row.patient };
}
