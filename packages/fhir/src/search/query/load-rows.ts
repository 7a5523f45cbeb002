import { type Reader, type Sql, sql } from "@tributary/database";
import type { ResourceKey } from "../../model/resource-key.ts";

/** A resource that a search found, as it is now. */
export interface FoundResource extends ResourceKey {
  readonly resourceKey: number;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly lastUpdated: number;
  /** The stored text, without the server's own `meta`. */
  readonly body: string;
}

interface Row {
  readonly resource_key: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly last_updated: number;
  readonly body: string;
}

const current = `
  select r.resource_key, r.type, r.id, r.version, r.last_updated, v.body
  from resource as r
  join resource_version as v on v.resource_key = r.resource_key and v.version = r.version
  where r.is_deleted = 0`;

const selectByKey = sql({
  sqlite: `${current} and r.resource_key in (select value from json_each($1))`,
  postgres: `${current} and r.resource_key in (select value::bigint from json_array_elements_text($1::json))`,
});
const selectByName = sql({
  sqlite: `${current} and (r.type, r.id) in (select value ->> 0, value ->> 1 from json_each($1))`,
  postgres: `${current} and (r.type, r.id) in (select value ->> 0, value ->> 1 from json_array_elements($1::json))`,
});

/** The resources with these keys that are not deleted, in the order of the keys. */
export async function loadByKey(reader: Reader, keys: readonly number[]): Promise<FoundResource[]> {
  const found = new Map((await load(reader, selectByKey, keys)).map((row) => [row.resourceKey, row]));
  return keys.flatMap((key) => found.get(key) ?? []);
}

/** The resources with these types and ids that are not deleted, in the order in which they were first written. */
export async function loadByName(reader: Reader, names: readonly ResourceKey[]): Promise<FoundResource[]> {
  const found = await load(
    reader,
    selectByName,
    names.map(({ type, id }) => [type, id]),
  );
  return found.sort((left, right) => left.resourceKey - right.resourceKey);
}

async function load(reader: Reader, statement: Sql, wanted: readonly unknown[]): Promise<FoundResource[]> {
  if (wanted.length === 0) return [];
  const rows = await reader.all<Row>(statement, [JSON.stringify(wanted)]);
  return rows.map(({ resource_key, type, id, version, last_updated, body }) => ({
    resourceKey: resource_key,
    type,
    id,
    version,
    lastUpdated: last_updated,
    body,
  }));
}
