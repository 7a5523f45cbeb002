import { sql as fixedSql, type Reader } from "@tributary/database";
import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import { refusal } from "../../model/fhir-refusal.ts";
import { changesBetweenPagesMax } from "../limits.ts";
import type { SearchRequest } from "../request/search-request.ts";
import { conditionCompiler, type KeyOrder } from "./condition-sql.ts";
import { comparePositions, type MatchPosition, positionOf } from "./match-position.ts";
import type { PageBound, PagePosition, SortValue } from "./page-token.ts";
import { beyondSql, isByColumns, orderSql, type SortTerms, sortAlias, sortValueSql } from "./sort-sql.ts";

/** The matches of one page, in order, with the positions at which its neighbours begin and end. */
export interface MatchPage {
  readonly matches: readonly MatchPosition[];
  readonly next: PagePosition | undefined;
  readonly previous: PagePosition | undefined;
}

/**
 * Finds one page of a search. Pages begin behind a match, never at a number of rows, and each resource keeps one place
 * from the first page to the last, so that none comes twice and none that matches all the while is passed over:
 *
 * 1. Without `_sort` the place is the resource's key, which never changes.
 * 2. With `_sort` it is that of the version that was current when the first page was read. What has changed since is
 *    left out of the sorted rows; the few such resources get their place from their former version.
 *
 * Resources made after the first page are not part of the search.
 */
export async function findPage(reader: Reader, request: SearchRequest): Promise<MatchPage> {
  const bound = request.page?.bound ?? (await readBound(reader));
  const isBackward = request.page?.direction === "before";
  const found =
    request.sort.length === 0
      ? await findByKey(reader, request, bound, isBackward)
      : await findSorted(reader, request, bound, isBackward);
  const hasMore = found.length > request.count;
  const matches = found.slice(0, request.count);
  if (isBackward) matches.reverse();
  const hasNext = isBackward ? matches.length > 0 : hasMore;
  const hasPrevious = isBackward ? hasMore : request.page !== undefined && matches.length > 0;
  return {
    matches,
    next: hasNext ? { direction: "after", ...matches.at(-1)!, bound } : undefined,
    previous: hasPrevious ? { direction: "before", ...matches[0]!, bound } : undefined,
  };
}

const selectBound = fixedSql(`
  select
    coalesce((select max(version_key) from resource_version), 0) as version_key,
    coalesce((select max(resource_key) from resource), 0) as resource_key`);

async function readBound(reader: Reader): Promise<PageBound> {
  const row = await reader.first<{ version_key: number; resource_key: number }>(selectBound);
  return { versionKey: row!.version_key, resourceKey: row!.resource_key };
}

async function findByKey(
  reader: Reader,
  { type, conditions, count, page }: SearchRequest,
  bound: PageBound,
  isBackward: boolean,
): Promise<MatchPosition[]> {
  const { db, claims } = conditionCompiler(reader.dialect);
  const comparison = isBackward ? "<" : ">";
  const beyond: KeyOrder["beyond"] = page && { comparison, key: page.resourceKey };
  const statement = sql<{ resource_key: number }>`
    select r.resource_key from resource as r
    where ${allOf(claims(type, conditions, { beyond }))}
      and r.resource_key <= ${bound.resourceKey}
      ${beyond ? sql`and r.resource_key ${sql.raw(comparison)} ${beyond.key}` : sql``}
    order by r.resource_key ${sql.raw(isBackward ? "desc" : "asc")}
    limit ${count + 1}`;
  const rows = await reader.query(statement.compile(db));
  return rows.map(({ resource_key }) => ({ resourceKey: resource_key, values: [] }));
}

async function findSorted(
  reader: Reader,
  request: SearchRequest,
  bound: PageBound,
  isBackward: boolean,
): Promise<MatchPosition[]> {
  const unchanged = await findUnchanged(reader, request, bound, isBackward);
  const changed = await findChanged(reader, request, bound);
  const way = isBackward ? -1 : 1;
  return [...unchanged, ...changed.filter((match) => isOnPage(match, request))]
    .sort((left, right) => way * comparePositions(left, right, request.sort))
    .slice(0, request.count + 1);
}

/** The matches that are as they were; a sort by values computes them once a match, one by columns can follow an index. */
async function findUnchanged(
  reader: Reader,
  { type, conditions, sort, count, page }: SearchRequest,
  bound: PageBound,
  isBackward: boolean,
): Promise<MatchPosition[]> {
  const { db, claims } = conditionCompiler(reader.dialect);
  const values = sort.map((key) => sortValueSql(key, reader.dialect));
  const isDirect = isByColumns(sort);
  const terms: SortTerms = (at) => (isDirect ? values[at]! : sql.ref(sortAlias(at)));
  const columns = sql.join(
    values.map((value, at) => sql`, ${value} as ${sql.ref(sortAlias(at))}`),
    sql``,
  );
  const matching = sql`
    select r.resource_key${columns} from resource as r
    where ${allOf(claims(type, conditions))} and r.resource_key not in (${changedKeys(bound)})`;
  const source = isDirect ? matching : sql`with m as materialized (${matching}) select * from m`;
  const beyond = page ? sql`${sql.raw(isDirect ? "and" : "where")} ${beyondSql(sort, terms, page)}` : sql``;
  const statement = sql<Record<string, SortValue> & { resource_key: number }>`
    ${source} ${beyond} order by ${orderSql(sort, terms, isBackward)} limit ${count + 1}`;
  const rows = await reader.query(statement.compile(db));
  return rows.map((row) => ({
    resourceKey: row.resource_key,
    values: sort.map((_, at) => row[sortAlias(at)] ?? null),
  }));
}

/** The matches that have changed since the first page, at the places they had then; new ones had none. */
async function findChanged(
  reader: Reader,
  { type, conditions, sort }: SearchRequest,
  bound: PageBound,
): Promise<MatchPosition[]> {
  const { db, claims } = conditionCompiler(reader.dialect);
  const statement = sql<{ resource_key: number; id: string; last_updated: number; body: string }>`
    select r.resource_key, r.id, v.last_updated, v.body
    from resource as r
    join resource_version as v on v.resource_key = r.resource_key
    where ${allOf(claims(type, conditions))} and r.resource_key in (${changedKeys(bound)})
      and v.body is not null
      and v.version_key = (
        select max(x.version_key) from resource_version as x
        where x.resource_key = r.resource_key and x.version_key <= ${bound.versionKey}
      )
    limit ${changesBetweenPagesMax + 1}`;
  const rows = await reader.query(statement.compile(db));
  if (rows.length > changesBetweenPagesMax) {
    throw refusal(410, "processing", "Too much has changed since the first page. Begin again at the first page.");
  }
  return rows.map(({ resource_key, id, last_updated, body }) =>
    positionOf(
      { resourceKey: resource_key, type, id, lastUpdated: last_updated, resource: JSON.parse(body) as object },
      sort,
    ),
  );
}

function isOnPage(match: MatchPosition, { page, sort }: SearchRequest): boolean {
  if (!page) return true;
  const order = comparePositions(match, page, sort);
  return page.direction === "after" ? order > 0 : order < 0;
}

function changedKeys({ versionKey }: PageBound): RawBuilder<number> {
  return sql`select resource_key from resource_version where version_key > ${versionKey}`;
}

function allOf(claims: readonly Expression<SqlBool>[]): RawBuilder<SqlBool> {
  return sql`${sql.join(claims, sql` and `)}`;
}
