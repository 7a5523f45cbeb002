import type { Dialect } from "@tributary/database";
import { type Expression, type ExpressionBuilder, expressionBuilder, type SqlBool, sql } from "kysely";
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
import { indexedKey, indexedTextMax } from "../values/indexed-text.ts";

/** Builds conditions over the rows of one table of the index. */
export type Rows<Table extends IndexTable> = ExpressionBuilder<SearchTables, Table>;
type Claim = Expression<SqlBool>;

/** Names columns without their table: in every statement that is composed here they are unambiguous. */
export const anyRows: Rows<IndexTable> = expressionBuilder<SearchTables, IndexTable>();

/** Sorts behind every text that begins with what stands before it. */
const textEnd = "\u{10ffff}";

/** The rows that lie at one of the sources. */
export function atSources(
  table: IndexTable,
  sources: readonly IndexedSource[],
  path: Expression<number> = sql.ref("path"),
): Claim {
  const open = sources.filter(({ targetType }) => targetType === undefined).map((source) => source.path);
  const claims: Claim[] =
    open.length > 0
      ? [anyRows(path, open.length === 1 ? "=" : "in", (open.length === 1 ? open[0] : open) as never)]
      : [];
  for (const source of sources) {
    if (source.targetType === undefined || table !== "search_reference") continue;
    claims.push(anyRows.and([anyRows(path, "=", source.path), sql<SqlBool>`target_type = ${source.targetType}`]));
  }
  return anyOf(anyRows, claims);
}

/**
 * The path, for rows of a resource that is given. SQLite has no statistics and would rather read all rows of a path than
 * the few of the resource; the plus keeps the path out of its choice of an index.
 */
export function pathOfGiven(dialect: Dialect): Expression<number> {
  return dialect === "sqlite" ? sql`+path` : sql.ref("path");
}

/** The rows that pass one of the tests; all tests are of the kind that the table holds. */
export function passesOne(rows: Rows<IndexTable>, tests: readonly ValueTest[], dialect: Dialect): Claim {
  const ofKind = <Kind extends ValueTest["kind"]>(kind: Kind) =>
    tests.filter((test): test is Extract<ValueTest, { kind: Kind }> => test.kind === kind);
  return anyOf(rows, [
    ...tokenClaims(rows as Rows<"search_token">, ofKind("token")),
    ...ofKind("uri").map((test) => uriClaim(rows as Rows<"search_token">, test)),
    ...ofKind("string").map((test) => stringClaim(rows as Rows<"search_string">, test, dialect)),
    ...referenceClaims(rows as Rows<"search_reference">, ofKind("reference")),
    ...ofKind("date").map((test) => dateClaim(rows as Rows<"search_date">, test)),
    ...ofKind("quantity").map((test) => quantityClaim(rows as Rows<"search_quantity">, test)),
  ]);
}

function tokenClaims(rows: Rows<"search_token">, tests: readonly TokenTest[]): Claim[] {
  const bare = tests.flatMap(({ code, systems }) => (code !== undefined && systems === undefined ? [code] : []));
  const claims: Claim[] = bare.length > 0 ? [isOneOf(rows, "code", bare)] : [];
  for (const { code, systems } of tests) {
    if (systems === undefined) continue;
    const inSystem = isOneOf(rows, "system", systems);
    claims.push(code === undefined ? inSystem : rows.and([rows("code", "=", code), inSystem]));
  }
  return claims;
}

function uriClaim(rows: Rows<"search_token">, { mode, uri }: UriTest): Claim {
  if (mode === "exact") return rows("code", "=", uri);
  if (mode === "above") return isOneOf(rows, "code", prefixesOf(uri).map(indexedKey));
  return rows.or([rows("code", "=", uri), beginsWith(rows, "code", uri.endsWith("/") ? uri : `${uri}/`)]);
}

/** `http://a/b/c` → itself, `http://a/b` and `http://a`. */
function prefixesOf(uri: string): string[] {
  const parts = uri.split("/");
  const first = uri.includes("://") ? 3 : 1;
  return parts.flatMap((_, at) => (at + 1 >= first ? [parts.slice(0, at + 1).join("/")] : []));
}

function stringClaim(rows: Rows<"search_string">, { mode, folded, exact }: StringTest, dialect: Dialect): Claim {
  if (mode === "exact") return rows.and([rows("folded", "=", folded), rows("exact", "=", exact)]);
  if (mode === "starts") return beginsWith(rows, "folded", folded);
  const place =
    dialect === "sqlite"
      ? sql<number>`instr(${rows.ref("folded")}, ${folded})`
      : sql<number>`strpos(${rows.ref("folded")}, ${folded})`;
  return rows(place, ">", 0);
}

function referenceClaims(rows: Rows<"search_reference">, tests: readonly ReferenceTest[]): Claim[] {
  const types = new Set(tests.map(({ type }) => type));
  return [...types].map((type) => {
    const inIds = isOneOf(
      rows,
      "target_id",
      tests.filter((test) => test.type === type).map(({ id }) => id),
    );
    return type === undefined ? inIds : rows.and([rows("target_type", "=", type), inIds]);
  });
}

function dateClaim(rows: Rows<"search_date">, test: DateTest): Claim {
  const { low, high } = test;
  const within = rows.and([rows("low", ">=", low), rows("low", "<", high), rows("high", "<=", high)]);
  switch (test.comparison) {
    case "eq":
      return within;
    case "ne":
      return rows.or([rows("low", "<", low), rows("high", ">", high)]);
    case "gt":
      return rows("high", ">", high);
    case "lt":
      return rows("low", "<", low);
    case "ge":
      return rows.or([rows("high", ">", high), within]);
    case "le":
      return rows.or([rows("low", "<", low), within]);
    case "sa":
      return rows("low", ">=", high);
    case "eb":
      return rows("high", "<=", low);
    case "ap":
      return rows.and([rows("low", "<", high), rows("high", ">", low)]);
  }
}

function quantityClaim(rows: Rows<"search_quantity">, test: QuantityTest): Claim {
  const claims = [rangeClaim(rows, test)];
  if (test.system !== undefined) claims.push(rows("system", "=", test.system));
  if (test.code !== undefined) claims.push(rows.or([rows("code", "=", test.code), rows("unit", "=", test.code)]));
  return rows.and(claims);
}

function rangeClaim(rows: Rows<"search_quantity">, { comparison, value, low, high }: QuantityTest): Claim {
  switch (comparison) {
    case "eq":
      return rows.and([rows("low", ">=", low), rows("low", "<", high), rows("high", "<", high)]);
    case "ne":
      return rows.or([rows("low", "<", low), rows("high", ">=", high)]);
    case "gt":
      return rows("high", ">", value);
    case "sa":
      return rows("low", ">", value);
    case "lt":
      return rows("low", "<", value);
    case "eb":
      return rows("high", "<", value);
    case "ge":
      return rows("high", ">=", value);
    case "le":
      return rows("low", "<=", value);
    case "ap":
      return rows.and([rows("low", "<=", high), rows("high", ">=", low)]);
  }
}

function beginsWith<Table extends IndexTable>(rows: Rows<Table>, column: string, beginning: string): Claim {
  const start = beginning.slice(0, indexedTextMax);
  const reference = sql.ref<string>(column);
  return rows.and([rows(reference, ">=", start as never), rows(reference, "<", `${start}${textEnd}` as never)]);
}

function isOneOf<Table extends IndexTable>(
  rows: Rows<Table>,
  column: string,
  values: readonly (string | number)[],
): Claim {
  const reference = sql.ref(column);
  return values.length === 1 ? rows(reference, "=", values[0] as never) : rows(reference, "in", values as never);
}

/** One of the claims, as a balanced tree: SQLite refuses expressions that are a thousand levels deep. */
function anyOf(rows: Rows<IndexTable>, claims: readonly Claim[]): Claim {
  if (claims.length <= 1) return claims[0] ?? sql<SqlBool>`1 = 0`;
  const middle = Math.ceil(claims.length / 2);
  return rows.or([anyOf(rows, claims.slice(0, middle)), anyOf(rows, claims.slice(middle))]);
}
