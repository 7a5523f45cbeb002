import { type Reader, sql } from "@tributary/database";
import { type ResourceKey, referenceTo } from "../model/resource-key.ts";
import { listOf } from "./read-versions.ts";

// A row without a version has been claimed by a transaction that is still at work. Each key is one look-up: a plan that
// was made while the table was small would otherwise read all of it for ever.
const selectExisting = sql({
  sqlite: `select r.type, r.id
    from json_each($1) k
    cross join resource r on r.type = k.value ->> 'type' and r.id = k.value ->> 'id'
    where r.version > 0`,
  postgres: `select k.type, k.id
    from json_to_recordset($1::json) as k (type text, id text)
    cross join lateral (
      select r.version from resource r where r.type = k.type and r.id = k.id limit 1
    ) r
    where r.version > 0`,
});

/** Which of some records are or were here, by `Type/id`, deleted ones included; one statement, and no content is read. */
export async function whichExist(reader: Reader, keys: readonly ResourceKey[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  return new Set((await reader.all<ResourceKey>(selectExisting, [listOf(keys)])).map(referenceTo));
}
