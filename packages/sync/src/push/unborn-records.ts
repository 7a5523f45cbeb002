import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";
import { type ResourceKey, referenceTo, whichExist } from "@tributary/fhir";
import type { PushedRecord } from "./push-unit.ts";

const put = bulkInsert(
  "unborn_records",
  { type: "text", id: "text", node: "text" },
  "on conflict (type, id) do nothing",
);
const findSome = sql({
  sqlite: `
    select u.type, u.id, u.node from json_each($1) k
    cross join unborn_records u on u.type = k.value ->> 0 and u.id = k.value ->> 1`,
  postgres: `
    select u.type, u.id, u.node from json_array_elements($1::json) k (value)
    join unborn_records u on u.type = k.value ->> 0 and u.id = k.value ->> 1`,
});
const findAny = sql("select 1 as found from unborn_records limit 1");

/**
 * Notes records that were deleted below, or above, before they were ever seen here. What refers to one of them waits for
 * nothing: it will not come.
 */
export async function noteUnborn(tx: Transaction, keys: readonly ResourceKey[], child: string): Promise<void> {
  await put(
    tx,
    keys.map(({ type, id }) => [type, id, child]),
  );
}

/** Which of some records nobody needs to wait for, by `Type/id`: they are or were here, or were deleted before they came. */
export async function whichAreKnown(reader: Reader, keys: readonly ResourceKey[]): Promise<Set<string>> {
  const known = await whichExist(reader, keys);
  const asked = keys.filter((key) => !known.has(referenceTo(key)));
  for (const key of await findUnborn(reader, asked)) known.add(referenceTo(key));
  return known;
}

/** Those of some records that were deleted before they were ever seen here, or of which one child told so. */
export async function findUnborn(reader: Reader, keys: readonly ResourceKey[], child?: string): Promise<ResourceKey[]> {
  if (keys.length === 0) return [];
  const asked = JSON.stringify(keys.map(({ type, id }) => [type, id]));
  const found = await reader.all<ResourceKey & { readonly node: string }>(findSome, [asked]);
  // Of those that were noted before it was kept who told of them, any child may have been the one.
  return found.filter(({ node }) => child === undefined || node === child || node === "");
}

/** Whether there are any such records here at all; mostly there are none. */
export async function hasUnborn(reader: Reader): Promise<boolean> {
  return (await reader.first(findAny)) !== undefined;
}

/**
 * What a hub sends beside a unit that refers to such a record, so that the next tier does not wait for it either. A
 * deletion as first version is nothing that a record could have, and so cannot be taken for one.
 */
export function tellingUnborn({ type, id }: ResourceKey): PushedRecord {
  const nothing = { body: null, bodyHash: null, baseVersion: null, baseDigest: null, baseBody: null } as const;
  return { type, id, version: 1, ...nothing, isSuperseded: false, origin: null, author: null, writtenAt: null };
}

/** Whether a record of a unit only tells that it was never seen above. */
export function tellsUnborn({ version, body }: PushedRecord): boolean {
  return version === 1 && body === null;
}
