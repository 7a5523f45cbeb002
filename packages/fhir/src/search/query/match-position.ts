import { addIndexRows, noIndexRows } from "../index/index-rows.ts";
import type { IndexTable } from "../parameter/parameter-kind.ts";
import type { IndexedSource } from "../parameter/search-parameter.ts";
import type { SortKey } from "../request/sort-key.ts";
import type { SortValue } from "./page-token.ts";

/** Where a match stands in the order of a search. */
export interface MatchPosition {
  readonly resourceKey: number;
  readonly values: readonly SortValue[];
}

/** A version of a resource, of which the position is asked. */
export interface PositionedVersion {
  readonly resourceKey: number;
  readonly type: string;
  readonly id: string;
  readonly lastUpdated: number;
  readonly resource: object;
}

/** Finds, without the index, where a version of a resource stands: exactly where the index would have put it. */
export function positionOf(version: PositionedVersion, sort: readonly SortKey[]): MatchPosition {
  const rows = noIndexRows();
  addIndexRows(rows, version.resourceKey, version.type, version.resource);
  const columns: Readonly<Record<IndexTable, { rows: readonly (readonly unknown[])[]; at: number }>> = {
    search_token: { rows: rows.tokens, at: 4 },
    search_string: { rows: rows.strings, at: 3 },
    search_reference: { rows: rows.references, at: 4 },
    search_date: { rows: rows.dates, at: 3 },
    search_quantity: { rows: rows.quantities, at: 3 },
  };
  const values = sort.map((key): SortValue => {
    if (key.kind === "id") return version.id;
    if (key.kind === "last-updated") return version.lastUpdated;
    const { rows: found, at } = columns[key.table];
    const own = found.filter((row) => isAt(key.sources, row, key.table)).map((row) => row[at] as string | number);
    return own.reduce<SortValue>((best, value) => (isBetter(value, best, key.isDescending) ? value : best), null);
  });
  return { resourceKey: version.resourceKey, values };
}

/** Compares two positions as SQL orders them: negative when `left` comes first. */
export function comparePositions(left: MatchPosition, right: MatchPosition, sort: readonly SortKey[]): number {
  for (const [at, { isDescending }] of sort.entries()) {
    const [a, b] = [left.values[at] ?? null, right.values[at] ?? null];
    if (a === null || b === null) {
      if (a !== b) return a === null ? 1 : -1;
      continue;
    }
    const order = compareValues(a, b);
    if (order !== 0) return isDescending ? -order : order;
  }
  return left.resourceKey - right.resourceKey;
}

function isBetter(value: string | number, best: SortValue, isDescending: boolean): boolean {
  if (best === null) return true;
  const order = compareValues(value, best);
  return isDescending ? order > 0 : order < 0;
}

/** Numbers by value; texts by their bytes in UTF-8, as both databases compare them. */
function compareValues(left: string | number, right: string | number): number {
  if (typeof left === "number" || typeof right === "number") return Number(left) - Number(right);
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function isAt(sources: readonly IndexedSource[], row: readonly unknown[], table: IndexTable): boolean {
  return sources.some(
    ({ path, targetType }) =>
      row[1] === path && (targetType === undefined || table !== "search_reference" || row[3] === targetType),
  );
}
