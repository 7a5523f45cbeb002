import type { Dialect } from "@tributary/database";
import { type Expression, expressionBuilder, type SqlBool, sql } from "kysely";
import type { SearchTables } from "../index/search-tables.ts";
import type { IndexTable } from "../parameter/parameter-kind.ts";
import type { IndexedSource } from "../parameter/search-parameter.ts";
import type {
  DateTest,
  QuantityTest,
  ReferenceTest,
  StringTest,
  TokenTest,
  UriTest,
  ValueTest,
} from "../request/condition.ts";
import { indexedKey } from "../values/indexed-text.ts";

type Claim = Expression<SqlBool>;

// Columns are named without their table: in every statement that is composed here they are unambiguous.
const tokens = expressionBuilder<SearchTables, "search_token">();
const strings = expressionBuilder<SearchTables, "search_string">();
const references = expressionBuilder<SearchTables, "search_reference">();
const dates = expressionBuilder<SearchTables, "search_date">();
const quantities = expressionBuilder<SearchTables, "search_quantity">();

/** Sorts behind every text that begins with what stands before it. */
const textEnd = "\u{10ffff}";

/** The rows that lie at one of the sources. */
export function atSources(
  table: IndexTable,
  sources: readonly IndexedSource[],
  path: Expression<number> = sql.ref("path"),
): Claim {
  const open = sources.filter(({ targetType }) => targetType === undefined).map((source) => source.path);
  const claims: Claim[] = open.length > 0 ? [isOneOf(path, open)] : [];
  for (const source of sources) {
    if (source.targetType === undefined || table !== "search_reference") continue;
    claims.push(
      references.and([references(path, "=", source.path), references("target_type", "=", source.targetType)]),
    );
  }
  return anyOf(claims);
}

/**
 * The path, for rows of a resource that is given. SQLite has no statistics and would rather read all rows of a path than
 * the few of the resource; the plus keeps the path out of its choice of an index.
 */
export function pathOfGiven(dialect: Dialect): Expression<number> {
  return dialect === "sqlite" ? sql`+path` : sql.ref("path");
}

/** The rows that pass one of the tests; all tests are of the kind that the table holds. */
export function passesOne(tests: readonly ValueTest[], dialect: Dialect): Claim {
  const ofKind = <Kind extends ValueTest["kind"]>(kind: Kind) =>
    tests.filter((test): test is Extract<ValueTest, { kind: Kind }> => test.kind === kind);
  return anyOf([
    ...tokenClaims(ofKind("token")),
    ...ofKind("uri").map(uriClaim),
    ...ofKind("string").map((test) => stringClaim(test, dialect)),
    ...referenceClaims(ofKind("reference")),
    ...ofKind("date").map(dateClaim),
    ...ofKind("quantity").map(quantityClaim),
  ]);
}

function tokenClaims(tests: readonly TokenTest[]): Claim[] {
  const bare = tests.flatMap(({ code, systems }) => (code !== undefined && systems === undefined ? [code] : []));
  const claims: Claim[] = bare.length > 0 ? [isOneOf(sql.ref("code"), bare)] : [];
  for (const { code, systems } of tests) {
    if (systems === undefined) continue;
    const inSystem = isOneOf(sql.ref("system"), systems);
    claims.push(code === undefined ? inSystem : tokens.and([tokens("code", "=", code), inSystem]));
  }
  return claims;
}

function uriClaim({ mode, uri }: UriTest): Claim {
  if (mode === "exact") return tokens("code", "=", uri);
  if (mode === "above") return isOneOf(sql.ref("code"), prefixesOf(uri).map(indexedKey));
  const below = uri.endsWith("/") ? uri : `${uri}/`;
  return tokens.or([
    tokens("code", "=", uri),
    tokens.and([tokens("code", ">=", below), tokens("code", "<", below + textEnd)]),
  ]);
}

/** `http://a/b/c` → `http://a`, `http://a/b`, and itself. */
function prefixesOf(uri: string): string[] {
  const parts = uri.split("/");
  const first = uri.includes("://") ? 3 : 1;
  return parts.flatMap((_, at) => (at + 1 >= first ? [parts.slice(0, at + 1).join("/")] : []));
}

function stringClaim({ mode, folded, exact }: StringTest, dialect: Dialect): Claim {
  switch (mode) {
    case "exact":
      return strings.and([strings("folded", "=", folded), strings("exact", "=", exact)]);
    case "starts":
      return strings.and([strings("folded", ">=", folded), strings("folded", "<", folded + textEnd)]);
    case "contains":
      return dialect === "sqlite" ? sql`instr(folded, ${folded}) > 0` : sql`strpos(folded, ${folded}) > 0`;
  }
}

function referenceClaims(tests: readonly ReferenceTest[]): Claim[] {
  const types = new Set(tests.map(({ type }) => type));
  return [...types].map((type) => {
    const ids = tests.filter((test) => test.type === type).map(({ id }) => id);
    const inIds = isOneOf(sql.ref("target_id"), ids);
    return type === undefined ? inIds : references.and([references("target_type", "=", type), inIds]);
  });
}

function dateClaim({ comparison, low, high }: DateTest): Claim {
  const within = dates.and([dates("low", ">=", low), dates("low", "<", high), dates("high", "<=", high)]);
  switch (comparison) {
    case "eq":
      return within;
    case "ne":
      return dates.or([dates("low", "<", low), dates("high", ">", high)]);
    case "gt":
      return dates("high", ">", high);
    case "lt":
      return dates("low", "<", low);
    case "ge":
      return dates.or([dates("high", ">", high), within]);
    case "le":
      return dates.or([dates("low", "<", low), within]);
    case "sa":
      return dates("low", ">=", high);
    case "eb":
      return dates("high", "<=", low);
    case "ap":
      return dates.and([dates("low", "<", high), dates("high", ">", low)]);
  }
}

function quantityClaim(test: QuantityTest): Claim {
  const claims = [rangeClaim(test)];
  if (test.system !== undefined) claims.push(quantities("system", "=", test.system));
  if (test.code !== undefined) {
    claims.push(quantities.or([quantities("code", "=", test.code), quantities("unit", "=", test.code)]));
  }
  return quantities.and(claims);
}

/** Only `eq`, `ne` and `ap` look at the digits of the number; with the others it is taken as exact. */
function rangeClaim({ comparison, value, low, high }: QuantityTest): Claim {
  switch (comparison) {
    case "eq":
      return quantities.and([
        quantities("low", ">=", low),
        quantities("low", "<", high),
        quantities("high", "<", high),
      ]);
    case "ne":
      return quantities.or([quantities("low", "<", low), quantities("high", ">=", high)]);
    case "gt":
      return quantities("high", ">", value);
    case "sa":
      return quantities("low", ">", value);
    case "lt":
      return quantities("low", "<", value);
    case "eb":
      return quantities("high", "<", value);
    case "ge":
      return quantities("high", ">=", value);
    case "le":
      return quantities("low", "<=", value);
    case "ap":
      return quantities.and([quantities("low", "<=", high), quantities("high", ">=", low)]);
  }
}

function isOneOf(column: Expression<unknown>, values: readonly (string | number)[]): Claim {
  return values.length === 1 ? sql`${column} = ${values[0]}` : sql`${column} in (${sql.join(values)})`;
}

/** One of the claims holds; as a balanced tree: SQLite refuses expressions that are a thousand levels deep. */
export function anyOf(claims: readonly Claim[]): Claim {
  if (claims.length <= 1) return claims[0] ?? sql`1 = 0`;
  const middle = Math.ceil(claims.length / 2);
  return sql`(${anyOf(claims.slice(0, middle))} or ${anyOf(claims.slice(middle))})`;
}
