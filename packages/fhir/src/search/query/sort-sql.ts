import type { Dialect } from "@tributary/database";
import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { IndexTable } from "../parameter/parameter-kind.ts";
import type { SortKey } from "../request/sort-key.ts";
import type { PagePosition, SortValue } from "./page-token.ts";
import { atSources, pathOfGiven } from "./value-test-sql.ts";

/** The column of each table that its values are ordered by. */
export const sortColumn: Readonly<Record<IndexTable, string>> = {
  search_token: "code",
  search_string: "folded",
  search_reference: "target_id",
  search_date: "low",
  search_quantity: "low",
};

/** The value of a resource `r` for one key: the least of its values, or, descending, the greatest. */
export function sortValueSql(key: SortKey, dialect: Dialect): RawBuilder<SortValue> {
  if (key.kind === "id") return sql`r.id`;
  if (key.kind === "last-updated") return sql`r.last_updated`;
  const pick = sql.raw(key.isDescending ? "max" : "min");
  const column = sql.ref(sortColumn[key.table]);
  return sql`(select ${pick}(${column}) from ${sql.table(key.table)} as x
    where x.resource_key = r.resource_key and ${atSources(key.table, key.sources, pathOfGiven(dialect))})`;
}

/** The name of the column that carries the value of the key at this place. */
export function sortAlias(at: number): string {
  return `s${at}`;
}

/** The order of matches that carry their sort values; backwards when the page ends at a position. */
export function orderSql(sort: readonly SortKey[], isBackward: boolean): RawBuilder<unknown> {
  const keys = sort.map(({ isDescending }, at) => {
    const value = sql.ref(sortAlias(at));
    return sql`${value} is null ${way(isBackward)}, ${value} ${way(isDescending !== isBackward)}`;
  });
  return sql.join([...keys, sql`resource_key ${way(isBackward)}`]);
}

/** Holds for matches beyond a position, in the direction of its page. */
export function beyondSql(
  sort: readonly SortKey[],
  { direction, values, resourceKey }: PagePosition,
): RawBuilder<SqlBool> {
  const isBackward = direction === "before";
  const equal: Expression<SqlBool>[] = [];
  const alternatives: Expression<SqlBool>[] = [];
  sort.forEach(({ isDescending }, at) => {
    const column = sql.ref(sortAlias(at));
    const value = values[at] ?? null;
    const beyond = beyondValue(column, value, isDescending !== isBackward, isBackward);
    if (beyond) alternatives.push(allOf([...equal, beyond]));
    equal.push(value === null ? sql<SqlBool>`${column} is null` : sql<SqlBool>`${column} = ${value}`);
  });
  const key = sql<SqlBool>`resource_key ${sql.raw(isBackward ? "<" : ">")} ${resourceKey}`;
  return sql`(${sql.join([...alternatives, allOf([...equal, key])], sql` or `)})`;
}

/** Resources without a value stand at the end, so going forward nothing is beyond them, and going back all others are. */
function beyondValue(column: Expression<unknown>, value: SortValue, isFalling: boolean, isBackward: boolean) {
  if (value === null) return isBackward ? sql<SqlBool>`${column} is not null` : undefined;
  const further = sql<SqlBool>`${column} ${sql.raw(isFalling ? "<" : ">")} ${value}`;
  return isBackward ? further : sql<SqlBool>`(${further} or ${column} is null)`;
}

function allOf(claims: readonly Expression<SqlBool>[]): RawBuilder<SqlBool> {
  return sql`(${sql.join(claims, sql` and `)})`;
}

function way(isFalling: boolean): RawBuilder<unknown> {
  return sql.raw(isFalling ? "desc" : "asc");
}
