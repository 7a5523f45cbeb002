import { type Reader, sql } from "@tributary/database";
import type { ConflictState } from "./conflict.ts";
import { elementNameOfPath } from "./element-name.ts";

/** How the conflicts of one element stand. */
export interface ConflictCount {
  readonly type: string;
  /** `Patient.birthDate`; items of a list are not told apart. */
  readonly element: string;
  readonly open: number;
  readonly resolved: number;
  readonly superseded: number;
  readonly settled: number;
  /** The median time from opening to decision, in milliseconds; `null` when none was decided. */
  readonly medianMs: number | null;
}

/** The youngest conflicts that are counted; older ones say little of how a site works now. */
const countedMax = 100_000;

interface CountedRow {
  readonly type: string;
  readonly path: string;
  readonly state: ConflictState;
  readonly opened_at: number;
  readonly resolved_at: number | null;
}

const readAll = sql({
  sqlite: `
    select type, element ->> 'path' as path, state, opened_at, resolved_at
    from conflicts order by opened_at desc limit $1`,
  postgres: `
    select type, element::json ->> 'path' as path, state, opened_at, resolved_at
    from conflicts order by opened_at desc limit $1`,
});

/** The conflicts here by type and element, those with the most open ones first. */
export async function countConflicts(reader: Reader): Promise<ConflictCount[]> {
  const byElement = new Map<string, CountedRow[]>();
  for (const row of await reader.all<CountedRow>(readAll, [countedMax])) {
    const element = elementNameOfPath(row.type, row.path);
    const rows = byElement.get(element);
    if (rows) rows.push(row);
    else byElement.set(element, [row]);
  }
  return [...byElement]
    .map(([element, rows]) => countOf(element, rows))
    .toSorted((left, right) => right.open - left.open || (left.element < right.element ? -1 : 1));
}

function countOf(element: string, rows: readonly CountedRow[]): ConflictCount {
  const inState = (state: ConflictState) => rows.filter((row) => row.state === state).length;
  const tookMs = rows.flatMap(({ opened_at, resolved_at }) => (resolved_at === null ? [] : [resolved_at - opened_at]));
  return {
    type: rows[0]?.type ?? "",
    element,
    open: inState("open"),
    resolved: inState("resolved"),
    superseded: inState("superseded"),
    settled: inState("settled"),
    medianMs: medianOf(tookMs),
  };
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? upper) : upper;
  return Math.max(0, Math.round((lower + upper) / 2));
}
