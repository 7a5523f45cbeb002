import { type IndexTable, tableOf } from "../parameter/parameter-kind.ts";
import { findParameter, type IndexedSource } from "../parameter/search-parameter.ts";

/** One key that matches are ordered by. Resources without a value come last, whichever the direction. */
export type SortKey = { readonly code: string; readonly isDescending: boolean } & (
  | { readonly kind: "id" }
  | { readonly kind: "last-updated" }
  | { readonly kind: "value"; readonly table: IndexTable; readonly sources: readonly IndexedSource[] }
);

/** Reads one key of `_sort`; `undefined` when the type has no such parameter. */
export function parseSortKey(resourceType: string, text: string): SortKey | undefined {
  const isDescending = text.startsWith("-");
  const code = isDescending ? text.slice(1) : text;
  if (code === "_id") return { code, isDescending, kind: "id" };
  if (code === "_lastUpdated") return { code, isDescending, kind: "last-updated" };
  const parameter = findParameter(resourceType, code);
  if (!parameter) return undefined;
  return { code, isDescending, kind: "value", table: tableOf[parameter.kind], sources: parameter.sources };
}

/** Writes a key as `_sort` has it. */
export function sortText({ code, isDescending }: SortKey): string {
  return isDescending ? `-${code}` : code;
}
