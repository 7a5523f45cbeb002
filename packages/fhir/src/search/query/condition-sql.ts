import type { Dialect } from "@tributary/database";
import { queryBuilder } from "@tributary/database/query-builder";
import { assertNever } from "@tributary/kernel";
import { type Expression, type Kysely, type RawBuilder, type SqlBool, sql } from "kysely";
import type { SearchTables } from "../index/search-tables.ts";
import type { IndexTable } from "../parameter/parameter-kind.ts";
import type { Condition, DateTest, ValueTest } from "../request/condition.ts";
import { anyOf, atSources, passesOne, pathOfGiven } from "./value-test-sql.ts";

type Claim = Expression<SqlBool>;
/** A select of the column `resource_key`. */
type Keys = RawBuilder<{ resource_key: number }>;
type ValueCondition = Extract<Condition, { kind: "value" }>;

/** Turns conditions into SQL over a row `r` of `resource`. */
export interface ConditionCompiler {
  readonly db: Kysely<SearchTables>;
  /**
   * All conditions together. The narrowest one that an index can answer gives the candidates; the others are asked of
   * each candidate. That order is written into the statement, since SQLite has no statistics to find it by.
   */
  claims(type: string, conditions: readonly Condition[], order?: KeyOrder): Claim[];
}

/** Said by a statement in the order of keys: SQLite would follow that order through the whole type. */
export interface KeyOrder {
  /** Where a page goes on; told to the index, it does not read what is behind it again. */
  readonly beyond: { readonly comparison: ">" | "<"; readonly key: number } | undefined;
}

export function conditionCompiler(dialect: Dialect): ConditionCompiler {
  const db = queryBuilder<SearchTables>(dialect);

  function claims(type: string, conditions: readonly Condition[], order?: KeyOrder): Claim[] {
    const ordered = conditions.toSorted((left, right) => breadth(left) - breadth(right));
    const [narrowest] = ordered;
    const isNamed = ordered.some(({ kind }) => kind === "id");
    const ofColumns = ordered.filter(({ kind }) => kind === (isNamed ? "id" : "last-updated"));
    let candidates = sql<SqlBool>`r.type = ${type}`;
    let others = ordered;
    if (!isNamed && narrowest && breadth(narrowest) < notDriving) {
      candidates = sql`r.resource_key in (${keysOf(narrowest, type, order)})`;
      others = ordered.slice(1);
    } else if (isNamed || (order && ofColumns.length > 0)) {
      candidates = sql`r.resource_key in (${keysByColumns(ofColumns, type)})`;
      others = ordered.filter((condition) => !ofColumns.includes(condition));
    }
    return [candidates, sql`r.is_deleted = 0`, ...others.map((other) => holdsFor(other, type))];
  }

  function keysByColumns(conditions: readonly Condition[], type: string): Keys {
    const claims = conditions.map((condition) => holdsFor(condition, type));
    return sql`select r.resource_key from resource as r where r.type = ${type} and ${sql.join(claims, sql` and `)}`;
  }

  /** The keys of all resources that meet a condition; a key may come several times. */
  function keysOf(condition: Condition, type: string, { beyond }: Partial<KeyOrder> = {}): Keys {
    switch (condition.kind) {
      case "value": {
        const further = beyond ? sql` and resource_key ${sql.raw(beyond.comparison)} ${beyond.key}` : sql``;
        return sql`select resource_key from ${sql.table(condition.table)} where ${valueClaim(condition)}${further}`;
      }
      case "chain":
        return chainKeys(condition);
      case "reverse-chain":
        return reverseChainKeys(condition, type);
      default:
        return keysByColumns([condition], type);
    }
  }

  /** A claim about the resource `r`, which is given. */
  function holdsFor(condition: Condition, type: string): Claim {
    switch (condition.kind) {
      case "id":
        return condition.ids.length === 0 ? sql`1 = 0` : sql`r.id in (${sql.join(condition.ids)})`;
      case "last-updated":
        return anyOf(condition.anyOf.map(lastUpdatedClaim));
      case "value":
        return hasRow(condition.table, valueClaim(condition, pathOfGiven(dialect)), condition.isNegated);
      case "missing":
        return hasRow(
          condition.table,
          atSources(condition.table, condition.sources, pathOfGiven(dialect)),
          condition.isMissing,
        );
      case "chain":
      case "reverse-chain":
        return sql`r.resource_key in (${keysOf(condition, type)})`;
      default:
        return assertNever(condition);
    }
  }

  function valueClaim({ table, sources, anyOf: tests }: ValueCondition, path?: Expression<number>): Claim {
    return sql`(${atSources(table, sources, path)} and ${passesOne(tests, dialect)})`;
  }

  /** From the resources that meet the inner condition to those that refer to them. */
  function chainKeys({ sources, targets }: Extract<Condition, { kind: "chain" }>): Keys {
    const references = atSources("search_reference", sources);
    const selects = targets.map(
      ({ type, condition }) => sql`select f.resource_key
        from (${keysOf(condition, type)}) as met
        cross join resource as t
        cross join search_reference as f
        where t.resource_key = met.resource_key and t.type = ${type} and t.is_deleted = 0
          and f.target_id = t.id and f.target_type = ${type} and ${references}`,
    );
    return sql`${sql.join(selects, sql` union all `)}`;
  }

  /** From the resources that meet the inner condition to those that they refer to. */
  function reverseChainKeys(
    { type: from, sources, condition }: Extract<Condition, { kind: "reverse-chain" }>,
    type: string,
  ): Keys {
    return sql`select t.resource_key
      from (${keysOf(condition, from)}) as met
      cross join resource as s
      cross join search_reference as f
      cross join resource as t
      where s.resource_key = met.resource_key and s.type = ${from} and s.is_deleted = 0
        and f.resource_key = s.resource_key and f.target_type = ${type}
        and ${atSources("search_reference", sources)}
        and t.type = ${type} and t.id = f.target_id`;
  }

  return { db, claims };
}

/** Whether the resource `r` has, or has not, a row of the index of which a claim holds. */
function hasRow(table: IndexTable, claim: Claim, isNegated: boolean): Claim {
  const rows = sql`select 1 from ${sql.table(table)} as x where x.resource_key = r.resource_key and ${claim}`;
  return isNegated ? sql`not exists (${rows})` : sql`exists (${rows})`;
}

function lastUpdatedClaim({ comparison, low, high }: DateTest) {
  switch (comparison) {
    case "eq":
    case "ap":
      return sql<SqlBool>`(r.last_updated >= ${low} and r.last_updated < ${high})`;
    case "ne":
      return sql<SqlBool>`(r.last_updated < ${low} or r.last_updated >= ${high})`;
    case "gt":
    case "sa":
      return sql<SqlBool>`r.last_updated >= ${high}`;
    case "lt":
    case "eb":
      return sql<SqlBool>`r.last_updated < ${low}`;
    case "ge":
      return sql<SqlBool>`r.last_updated >= ${low}`;
    case "le":
      return sql<SqlBool>`r.last_updated < ${high}`;
  }
}

/** The breadth from which on a condition is only asked of candidates. */
const notDriving = 90;

/** A guess at how many resources meet a condition; lower is narrower. What no index can answer is not driving. */
function breadth(condition: Condition): number {
  switch (condition.kind) {
    case "id":
    case "last-updated":
    case "missing":
      return notDriving;
    case "chain":
    case "reverse-chain":
      return 3;
    case "value":
      return condition.isNegated ? notDriving : Math.max(...condition.anyOf.map(breadthOfTest));
  }
}

function breadthOfTest(test: ValueTest): number {
  switch (test.kind) {
    case "reference":
      return 1;
    case "token":
      if (test.code === undefined) return 8;
      return test.systems === undefined ? 5 : 2;
    case "uri":
      return test.mode === "below" ? 7 : 2;
    case "string":
      return test.mode === "contains" ? 9 : 4;
    case "date":
    case "quantity":
      return test.comparison === "eq" || test.comparison === "ap" ? 6 : 8;
  }
}
