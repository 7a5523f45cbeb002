import type { Dialect } from "@tributary/database";
import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { IndexTable } from "../parameter/parameter-kind.ts";
import type { SortKey } from "../request/sort-key.ts";
import type { PagePosition, SortValue } from "./page-token.ts";
import { atSources, pathOfGiven } from "./value-test-sql.ts";

/** The column of each table that its values are ordered by. */
const sortColumn: Readonly<Record<IndexTable, string>> = {
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

/** Whether all keys are columns of `resource`, whose order an index may have. */
export function isByColumns(sort: readonly SortKey[]): boolean {
  return sort.every(({ kind }) => kind !== "value");
}

/** How the order of a statement calls its keys, each the value of the key at this place. */
export type SortTerms = (at: number) => RawBuilder<SortValue>;

/** The order of matches that carry their sort values; backwards when the page ends at a position. */
export function orderSql(sort: readonly SortKey[], terms: SortTerms, isBackward: boolean): RawBuilder<unknown> {
  const keys = sort.map(({ kind, isDescending }, at) => {
    const order = sql`${terms(at)} ${way(isDescending !== isBackward)}`;
    return kind === "value" ? sql`${terms(at)} is null ${way(isBackward)}, ${order}` : order;
  });
  return sql.join([...keys, sql`resource_key ${way(isBackward)}`]);
}

/** Holds for matches beyond a position, in the direction of its page. */
export function beyondSql(
  sort: readonly SortKey[],
  terms: SortTerms,
  { direction, values, resourceKey }: PagePosition,
): RawBuilder<SqlBool> {
  const isBackward = direction === "before";
  const equal: Expression<SqlBool>[] = [];
  const alternatives: Expression<SqlBool>[] = [];
  sort.forEach(({ kind, isDescending }, at) => {
    const column = terms(at);
    const value = values[at] ?? null;
    const mayBeNull = kind === "value";
    const beyond = beyondValue(column, value, isDescending !== isBackward, isBackward || !mayBeNull);
    if (beyond) alternatives.push(allOf([...equal, beyond]));
    equal.push(value === null ? sql<SqlBool>`${column} is null` : sql<SqlBool>`${column} = ${value}`);
  });
  const first = sort[0];
  // Said once more without alternatives, an index that has the first key's order can begin there.
  const start =
    first && first.kind !== "value"
      ? sql`${terms(0)} ${sql.raw(first.isDescending !== isBackward ? "<=" : ">=")} ${values[0] ?? null} and `
      : sql``;
  const key = sql<SqlBool>`resource_key ${sql.raw(isBackward ? "<" : ">")} ${resourceKey}`;
  return sql`${start}(${sql.join([...alternatives, allOf([...equal, key])], sql` or `)})`;
}

/** Resources without a value stand at the end, so going forward nothing is beyond them, and going back all others are. */
function beyondValue(column: Expression<unknown>, value: SortValue, isFalling: boolean, isWithoutNulls: boolean) {
  if (value === null) return isWithoutNulls ? sql<SqlBool>`${column} is not null` : undefined;
  const further = sql<SqlBool>`${column} ${sql.raw(isFalling ? "<" : ">")} ${value}`;
  return isWithoutNulls ? further : sql<SqlBool>`(${further} or ${column} is null)`;
}

function allOf(claims: readonly Expression<SqlBool>[]): RawBuilder<SqlBool> {
  return sql`(${sql.join(claims, sql` and `)})`;
}

function way(isFalling: boolean): RawBuilder<unknown> {
  return sql.raw(isFalling ? "desc" : "asc");
}
