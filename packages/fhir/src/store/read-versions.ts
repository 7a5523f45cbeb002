import { type Reader, sql } from "@tributary/database";
import { type ResourceKey, referenceTo } from "../model/resource-key.ts";
import { type StoredVersion, storedVersionOf, type VersionRow, versionColumns } from "./stored-version.ts";

const selectCurrent = sql(
  `select ${versionColumns}
  from resource r join resource_version v on v.resource_key = r.resource_key and v.version = r.version
  where r.type = $1 and r.id = $2`,
);

const selectVersion = sql(
  `select ${versionColumns}
  from resource r join resource_version v on v.resource_key = r.resource_key
  where r.type = $1 and r.id = $2 and v.version = $3`,
);

const selectCurrentOfMany = sql({
  sqlite: `select ${versionColumns}
    from json_each($1) k
    cross join resource r on r.type = k.value ->> 'type' and r.id = k.value ->> 'id'
    join resource_version v on v.resource_key = r.resource_key and v.version = r.version`,
  postgres: `select ${versionColumns}
    from json_to_recordset($1::json) as k (type text, id text)
    join resource r on r.type = k.type and r.id = k.id
    join resource_version v on v.resource_key = r.resource_key and v.version = r.version`,
});

const selectHashes = sql({
  sqlite: `select r.type, r.id, v.version, v.body_hash
    from json_each($1) k
    cross join resource r on r.type = k.value ->> 0 and r.id = k.value ->> 1
    join resource_version v on v.resource_key = r.resource_key and v.version = k.value ->> 2`,
  postgres: `select r.type, r.id, v.version, v.body_hash
    from json_array_elements($1::json) as k (value)
    join resource r on r.type = k.value ->> 0 and r.id = k.value ->> 1
    join resource_version v on v.resource_key = r.resource_key and v.version = (k.value ->> 2)::bigint`,
});

const selectByHash = sql({
  sqlite: `select r.type, r.id, k.value ->> 2 as hash, max(v.version) as version, max(v.last_updated) as "lastUpdated"
    from json_each($1) k
    cross join resource r on r.type = k.value ->> 0 and r.id = k.value ->> 1
    join resource_version v on v.resource_key = r.resource_key
      and coalesce(substr(v.body_hash, 1, length(k.value ->> 2)), '') = k.value ->> 2
      and (v.body_hash is null) = (k.value ->> 2 = '')
    group by r.type, r.id, k.value ->> 2`,
  postgres: `select r.type, r.id, k.value ->> 2 as hash, max(v.version) as version, max(v.last_updated) as "lastUpdated"
    from json_array_elements($1::json) as k (value)
    join resource r on r.type = k.value ->> 0 and r.id = k.value ->> 1
    join resource_version v on v.resource_key = r.resource_key
      and coalesce(substr(v.body_hash, 1, length(k.value ->> 2)), '') = k.value ->> 2
      and (v.body_hash is null) = (k.value ->> 2 = '')
    group by r.type, r.id, k.value ->> 2`,
});

/** Reads the current version, a deletion included; `undefined` when there never was such a record. */
export async function readCurrent(reader: Reader, { type, id }: ResourceKey): Promise<StoredVersion | undefined> {
  const row = await reader.first<VersionRow>(selectCurrent, [type, id]);
  return row && storedVersionOf(row);
}

/** Reads one version, current or past. */
export async function readOneVersion(
  reader: Reader,
  { type, id }: ResourceKey,
  version: number,
): Promise<StoredVersion | undefined> {
  const row = await reader.first<VersionRow>(selectVersion, [type, id, version]);
  return row && storedVersionOf(row);
}

/** Reads the current versions of many records in one statement, by `Type/id`; records that never were are absent. */
export async function readCurrentOfMany(
  reader: Reader,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, StoredVersion>> {
  if (keys.length === 0) return new Map();
  const rows = await reader.all<VersionRow>(selectCurrentOfMany, [listOf(keys)]);
  return new Map(rows.map((row) => [referenceTo(row), storedVersionOf(row)]));
}

/**
 * The hashes of the bodies that some records had in named versions, by `Type/id`, in one statement: `null` for a
 * deletion, and absent where there never was such a version.
 */
export async function readBodyHashes(
  reader: Reader,
  versions: readonly (ResourceKey & { readonly version: number })[],
): Promise<ReadonlyMap<string, string | null>> {
  if (versions.length === 0) return new Map();
  const asked = JSON.stringify(versions.map(({ type, id, version }) => [type, id, version]));
  const rows = await reader.all<ResourceKey & { readonly body_hash: string | null }>(selectHashes, [asked]);
  return new Map(rows.map((row) => [referenceTo(row), row.body_hash]));
}

/** A record, and what the hash of a body begins with that it may have had; empty for a deletion. */
export interface SoughtBody extends ResourceKey {
  readonly hash: string;
}

/** A body that a record has or once had, with the last version that had it, and when that was written here. */
export interface FoundBody extends SoughtBody {
  readonly version: number;
  readonly lastUpdated: number;
}

/** Of some bodies those that records have or once had, in one statement. */
export async function findBodies(reader: Reader, sought: readonly SoughtBody[]): Promise<readonly FoundBody[]> {
  if (sought.length === 0) return [];
  const asked = JSON.stringify(sought.map(({ type, id, hash }) => [type, id, hash]));
  return reader.all<FoundBody>(selectByHash, [asked]);
}

/** Keys as the JSON text that statements over many records take as their one parameter. */
export function listOf(keys: readonly ResourceKey[]): string {
  return JSON.stringify(keys.map(({ type, id }) => ({ type, id })));
}
