import { type Reader, sql } from "@tributary/database";
import type { ResourceKey } from "../model/resource-key.ts";

/** What is needed of a record in order to compare it with another node's. */
export interface RecordDigest extends ResourceKey {
  readonly version: number;
  /** SHA-256 of the stored text, in hex. */
  readonly bodyHash: string;
}

const digest = `select r.type, r.id, r.version, v.body_hash as "bodyHash"`;
const current = "from resource r join resource_version v on v.resource_key = r.resource_key and v.version = r.version";
const readSome = sql(`
  ${digest} ${current}
  where r.is_deleted = 0 and (r.type, r.id) > ($1, $2)
  order by r.type, r.id
  limit $3`);
const readWithoutPatient = sql(`
  ${digest} ${current}
  where r.patient is null and r.is_deleted = 0 and (r.type, r.id) > ($1, $2)
  order by r.type, r.id
  limit $3`);
const readOfPatients = sql({
  sqlite: `
    ${digest}
    from json_each($1) asked
    cross join resource r on r.patient = asked.value
    join resource_version v on v.resource_key = r.resource_key and v.version = r.version
    where r.is_deleted = 0`,
  postgres: `
    ${digest} ${current}
    where r.patient in (select value #>> '{}' from json_array_elements($1::json)) and r.is_deleted = 0`,
});

/** The digests of the records that exist, by type and id byte by byte, at most `limit` of them behind a key. */
export function listDigests(reader: Reader, after: ResourceKey | undefined, limit: number): Promise<RecordDigest[]> {
  return reader.all<RecordDigest>(readSome, [after?.type ?? "", after?.id ?? "", limit]);
}

/** The same of the records that belong to no patient. */
export function listDigestsWithoutPatient(
  reader: Reader,
  after: ResourceKey | undefined,
  limit: number,
): Promise<RecordDigest[]> {
  return reader.all<RecordDigest>(readWithoutPatient, [after?.type ?? "", after?.id ?? "", limit]);
}

/** The digests of all records that exist of some patients, in no order. */
export function listDigestsOfPatients(reader: Reader, patients: readonly string[]): Promise<RecordDigest[]> {
  return reader.all<RecordDigest>(readOfPatients, [JSON.stringify(patients)]);
}
