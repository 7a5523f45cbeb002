import { type Reader, type Sql, type SqlValue, sql } from "@tributary/database";
import { listedRefusals } from "../conflict/decide/listed-refusals.ts";
import { readRefusedDecisions } from "../conflict/decide/refused-decisions.ts";
import { readParentLink } from "../enrolment/parent-link.ts";
import { readFailedPulls } from "../pull/failed-pulls.ts";
import { listedPulls } from "../pull/listed-pulls.ts";
import { listedUnits } from "../push/queue/listed-units.ts";
import { readFailedUnitsAt } from "../push/queue/read-units.ts";
import { readDependants } from "./dependants.ts";
import {
  type Failure,
  type FailureName,
  failureOfDecision,
  failureOfPull,
  failureOfUnit,
  parseFailureId,
} from "./failure.ts";
import type { FailureClass } from "./failure-class.ts";

/** What a list of failures is sorted by; by `place`, the parent's records come first, then own units, then decisions. */
export type FailureSort = "place" | "class" | "attempts" | "firstFailedAt" | "lastFailedAt" | "nextAttemptAt";

/** Which failures are asked for, and in which order; what is left out is not asked about. */
export interface FailureQuery {
  readonly kind?: Failure["kind"] | undefined;
  readonly class?: FailureClass | undefined;
  /** A part of a reference; letters match in either case. */
  readonly text?: string | undefined;
  readonly sort: FailureSort;
  readonly order: "asc" | "desc";
}

/** Where a failure stands in a sorted list; it stays a place when the failure has gone from there. */
export interface FailurePlace {
  /** `null` for a time that is not known; those come last, whichever way. */
  readonly value: string | number | null;
  readonly failureId: string;
}

/** A page of a sorted list. */
export interface FoundFailures {
  readonly failures: readonly Failure[];
  /** Where the page ends, when more follow. */
  readonly next: FailurePlace | undefined;
  /** How many the query finds on all pages. */
  readonly total: number;
}

/** What each source tells of a row, in this order; $1 is the parent, $2 the kind, $3 the class and $4 the text of a query. */
const listedColumns = "failure_id, place, class, attempts, first_failed_at, last_failed_at, next_attempt_at";
const sources = [listedPulls, listedUnits, listedRefusals] as const;
const listed = { sqlite: unionOf("sqlite"), postgres: unionOf("postgres") } as const;

const columnOf = {
  place: "place",
  class: "class",
  attempts: "attempts",
  firstFailedAt: "first_failed_at",
  lastFailedAt: "last_failed_at",
  nextAttemptAt: "next_attempt_at",
} as const satisfies Record<FailureSort, string>;

/** Greater than every time, and less than every time: what is not known comes last, whichever way. */
const unknownTime = { asc: Number.MAX_SAFE_INTEGER, desc: -1 } as const;
/** Places before the first failure. */
const begins = {
  asc: { number: Number.MIN_SAFE_INTEGER, text: "" },
  desc: { number: Number.MAX_SAFE_INTEGER, text: "\u{10ffff}" },
} as const;

const countFound = sql({
  sqlite: `select count(*) as n from (${listed.sqlite})`,
  postgres: `select count(*) as n from (${listed.postgres}) as listed`,
});
const lists: Readonly<Record<FailureSort, Readonly<Record<"asc" | "desc", Sql>>>> = {
  place: bothWays("place"),
  class: bothWays("class"),
  attempts: bothWays("attempts"),
  firstFailedAt: bothWays("firstFailedAt"),
  lastFailedAt: bothWays("lastFailedAt"),
  nextAttemptAt: bothWays("nextAttemptAt"),
};

interface ListedRow {
  readonly failure_id: string;
  readonly value: string | number;
}

/**
 * A page of the failures that a query finds, sorted; alike ones by their names. It costs a walk over the rows of those that
 * the filter leaves, and the bodies of none. Behind what is no place of a list that is sorted so, it begins anew.
 */
export async function findFailures(
  reader: Reader,
  query: FailureQuery,
  { limit, after }: { readonly limit: number; readonly after?: FailurePlace | undefined },
): Promise<FoundFailures> {
  const link = await readParentLink(reader);
  if (!link) return { failures: [], next: undefined, total: 0 };
  const { sort, order } = query;
  const filter: SqlValue[] = [link.parent, query.kind ?? null, query.class ?? null, query.text?.toLowerCase() ?? null];
  const begin = begins[order][isText(sort) ? "text" : "number"];
  const isPlace = after !== undefined && isPlaceIn(sort, after);
  const behind = isPlace ? [after.value ?? unknownTime[order], after.failureId] : [begin, ""];
  const rows = await reader.all<ListedRow>(lists[sort][order], [...filter, ...behind, limit + 1]);
  const page = rows.slice(0, limit);
  const total = (await reader.first<{ n: number }>(countFound, filter))?.n ?? 0;
  const failures = await readNamed(
    reader,
    link.parent,
    page.flatMap(({ failure_id: failureId }) => parseFailureId(failureId) ?? []),
  );
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    failures: page.flatMap(({ failure_id: failureId }) => failures.get(failureId) ?? []),
    next: last && {
      value: last.value === unknownTime[order] ? null : last.value,
      failureId: last.failure_id,
    },
    total,
  };
}

/** Where a failure stands in a list that is sorted so. */
export function placeOfFailure(failure: Failure, sort: FailureSort): FailurePlace {
  const { failureId, kind } = failure;
  if (sort !== "place") return { value: failure[sort], failureId };
  const number = failureId.slice("push:".length).padStart(15, "0");
  const value = { pull: `0 ${failureId}`, push: `1 ${number}`, decision: `2 ${failureId}` }[kind];
  return { value, failureId };
}

function isPlaceIn(sort: FailureSort, { value, failureId }: FailurePlace): boolean {
  if (!parseFailureId(failureId)) return false;
  return isText(sort)
    ? typeof value === "string" && !value.includes("\0")
    : value === null || Number.isSafeInteger(value);
}

/** Failures by their names, each source asked once. */
async function readNamed(
  reader: Reader,
  parent: string,
  names: readonly FailureName[],
): Promise<ReadonlyMap<string, Failure>> {
  const pulls = names.filter((name) => name.kind === "pull");
  const counters = names.flatMap((name) => (name.kind === "push" ? name.firstCounter : []));
  const decisions = names.flatMap((name) => (name.kind === "decision" ? name.decisionId : []));
  const units = counters.length > 0 ? await readFailedUnitsAt(reader, parent, counters) : [];
  const dependantsOf = units.length > 0 ? await readDependants(reader, parent) : () => [];
  const found = [
    ...(pulls.length > 0 ? await readFailedPulls(reader, parent, pulls) : []).map(failureOfPull),
    ...units.map((unit) => ({ ...failureOfUnit(unit), dependants: dependantsOf(unit) })),
    ...(decisions.length > 0 ? await readRefusedDecisions(reader, parent, decisions) : []).map(failureOfDecision),
  ];
  return new Map(found.map((failure) => [failure.failureId, failure]));
}

function isText(sort: FailureSort): boolean {
  return sort === "place" || sort === "class";
}

function unionOf(dialect: "sqlite" | "postgres"): string {
  const [first, ...others] = sources.map((source) => source[dialect]);
  // The first names the columns of all.
  return `with listed (${listedColumns}) as (${[first, ...others].join(" union all ")}) select * from listed`;
}

function bothWays(sort: FailureSort): Readonly<Record<"asc" | "desc", Sql>> {
  return { asc: sortedList(sort, "asc", ">"), desc: sortedList(sort, "desc", "<") };
}

function sortedList(sort: FailureSort, order: "asc" | "desc", behind: ">" | "<"): Sql {
  const column = columnOf[sort];
  const value = isText(sort) ? column : `coalesce(${column}, ${unknownTime[order]})`;
  const [bytewise, type] = isText(sort) ? [' collate "C"', "text"] : ["", "bigint"];
  return sql({
    sqlite: `
      select failure_id, value
      from (select failure_id, ${value} as value from (${listed.sqlite}))
      where value ${behind} $5 or (value = $5 and failure_id > $6)
      order by value ${order}, failure_id limit $7`,
    postgres: `
      select failure_id, value
      from (select failure_id collate "C" as failure_id, (${value})${bytewise} as value from (${listed.postgres}) as all_of_them) as listed
      where value ${behind} $5::${type} or (value = $5::${type} and failure_id > $6)
      order by value ${order}, failure_id limit $7`,
  });
}
