import { useState } from "react";
import { onePage } from "./one-page.ts";

/** Rows that are drawn at once of a list that the node tells whole. */
const sliceRows = 25;

/** A list that the node tells whole, shown a slice at a time. Another search begins at the front. */
export function useSlices<Item>(
  answer: Parameters<typeof onePage>[0],
  items: readonly Item[] | undefined,
  sought: string,
) {
  const [at, move] = useState({ sought, page: 0 });
  const page = at.sought === sought ? at.page : 0;
  const begin = page * sliceRows;
  const total = items?.length ?? 0;
  return {
    ...onePage(answer, items?.slice(begin, begin + sliceRows)),
    pageNumber: page + 1,
    goOn: begin + sliceRows < total ? () => move({ sought, page: page + 1 }) : undefined,
    goBack: page > 0 ? () => move({ sought, page: page - 1 }) : undefined,
  };
}
