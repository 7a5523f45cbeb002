import { useState } from "react";
import { pathWith } from "./path-with.ts";
import { useAnswer } from "./use-answer.ts";

/** What every list answers beside its items: `next` is handed in as `after` for the page behind it. */
interface PageOfList {
  readonly next: string | null;
  readonly total?: number | undefined;
}

/**
 * A list of the node's, a page at a time, with the ways to the next page and back. Another filter begins at the front.
 *
 * ```
 * const pages = usePages<UsersAnswer, UserAnswer>("/users", { q }, ({ items }) => items);
 * <DataTable pages={pages} … />
 * ```
 */
export function usePages<Answer extends PageOfList, Item>(
  path: string,
  filter: Readonly<Record<string, string | number | undefined>>,
  itemsOf: (answer: Answer) => readonly Item[],
  { limit = 25, everyMs }: { readonly limit?: number; readonly everyMs?: number } = {},
) {
  const filtered = pathWith(path, filter);
  const [walked, setWalked] = useState<Walk>({ of: filtered, marks: [] });
  const marks = walked.of === filtered ? walked.marks : [];
  const page = pathWith(path, { ...filter, limit, after: marks.at(-1) });
  const answer = useAnswer<Answer>(page, everyMs === undefined ? {} : { everyMs });
  const next = answer.data?.next ?? null;
  const walk = (changed: readonly string[]) => setWalked({ of: filtered, marks: changed });
  return {
    answer,
    items: answer.data ? itemsOf(answer.data) : [],
    pageNumber: marks.length + 1,
    goOn: next === null ? undefined : () => walk([...marks, next]),
    goBack: marks.length === 0 ? undefined : () => walk(marks.slice(0, -1)),
  };
}

/** The marks of the pages that were turned, under the filter for which they hold. */
interface Walk {
  readonly of: string;
  readonly marks: readonly string[];
}
