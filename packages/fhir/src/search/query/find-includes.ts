import { type Reader, sql } from "@tributary/database";
import type { ResourceKey } from "../../model/resource-key.ts";
import { includedMax, includeRoundsMax } from "../limits.ts";
import type { IndexedSource } from "../parameter/search-parameter.ts";
import type { Include } from "../request/include.ts";
import { type FoundResource, loadByKey, loadByName } from "./load-rows.ts";

/** What a page brings along. */
export interface Included {
  readonly resources: readonly FoundResource[];
  /** Whether some were left out because there are too many. */
  readonly isCut: boolean;
}

/**
 * Brings along what `_include` and `_revinclude` ask for, each resource once and none that is a match itself. Those that
 * iterate go on from what was brought, a few rounds far. See https://hl7.org/fhir/R4/search.html#revinclude
 */
export async function findIncludes(
  reader: Reader,
  includes: readonly Include[],
  matches: readonly FoundResource[],
): Promise<Included> {
  const seen = new Set(matches.map(({ resourceKey }) => resourceKey));
  const resources: FoundResource[] = [];
  let from = matches;
  let active = includes;
  for (let round = 0; round < includeRoundsMax && active.length > 0 && from.length > 0; round++) {
    const found = await findRound(reader, active, from, seen);
    const room = includedMax - resources.length;
    resources.push(...found.slice(0, room));
    if (found.length > room) return { resources, isCut: true };
    from = found;
    active = includes.filter(({ isIterated }) => isIterated);
  }
  return { resources, isCut: false };
}

async function findRound(
  reader: Reader,
  includes: readonly Include[],
  from: readonly FoundResource[],
  seen: Set<number>,
): Promise<FoundResource[]> {
  const targets = await followForward(
    reader,
    includes.filter(({ isReverse }) => !isReverse),
    from,
  );
  const sources = await followBack(
    reader,
    includes.filter(({ isReverse }) => isReverse),
    from,
  );
  const found = [...(await loadByName(reader, targets)), ...(await loadByKey(reader, sources))];
  return found.filter(({ resourceKey }) => {
    const isNew = !seen.has(resourceKey);
    seen.add(resourceKey);
    return isNew;
  });
}

const selectTargets = sql({
  sqlite: `
    select distinct s.path, s.target_type, s.target_id
    from json_each($1) as k
    cross join search_reference as s
    where s.resource_key = k.value and +s.path in (select value from json_each($2)) and s.target_type <> ''
    limit $3`,
  postgres: `
    select distinct s.path, s.target_type, s.target_id
    from json_array_elements_text($1::json) as k
    join search_reference as s on s.resource_key = k.value::bigint
    where s.path in (select value::integer from json_array_elements_text($2::json)) and s.target_type <> ''
    limit $3`,
});

async function followForward(
  reader: Reader,
  includes: readonly Include[],
  from: readonly FoundResource[],
): Promise<ResourceKey[]> {
  const sourceTypes = new Set(includes.map(({ sourceType }) => sourceType));
  const keys = from.filter(({ type }) => sourceTypes.has(type)).map(({ resourceKey }) => resourceKey);
  if (keys.length === 0) return [];
  const paths = [...new Set(includes.flatMap(({ sources }) => sources.map(({ path }) => path)))];
  const rows = await reader.all<{ path: number; target_type: string; target_id: string }>(selectTargets, [
    JSON.stringify(keys),
    JSON.stringify(paths),
    rowsMax,
  ]);
  return rows
    .filter((row) => includes.some((include) => isWanted(include, row.path, row.target_type)))
    .map(({ target_type, target_id }) => ({ type: target_type, id: target_id }));
}

/** One more than fits for each include that one page may have, so that a cut is noticed. */
const rowsMax = 2 * includedMax + 1;

const selectSources = sql({
  sqlite: `
    select distinct s.resource_key
    from json_each($1) as w
    cross join search_reference as s
    where s.path = w.value ->> 0 and s.target_type = w.value ->> 1 and s.target_id = w.value ->> 2
    order by s.resource_key
    limit $2`,
  postgres: `
    select distinct s.resource_key
    from json_array_elements($1::json) as w
    join search_reference as s
      on s.path = (w.value ->> 0)::integer and s.target_type = w.value ->> 1 and s.target_id = w.value ->> 2
    order by s.resource_key
    limit $2`,
});

async function followBack(
  reader: Reader,
  includes: readonly Include[],
  from: readonly FoundResource[],
): Promise<number[]> {
  const wanted = includes.flatMap(({ sources, targetType }) =>
    sources.flatMap((source) =>
      from
        .filter(({ type }) => (targetType ?? type) === type && leadsTo(source, type))
        .map(({ type, id }) => [source.path, type, id]),
    ),
  );
  if (wanted.length === 0) return [];
  const rows = await reader.all<{ resource_key: number }>(selectSources, [JSON.stringify(wanted), rowsMax]);
  return rows.map(({ resource_key }) => resource_key);
}

function isWanted({ sources, targetType }: Include, path: number, type: string): boolean {
  return (targetType ?? type) === type && sources.some((source) => source.path === path && leadsTo(source, type));
}

function leadsTo({ targetType }: IndexedSource, type: string): boolean {
  return targetType === undefined || targetType === type;
}
