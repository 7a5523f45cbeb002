import type { RequestFailed } from "../api/request-failed.ts";

/** An answer as `useAnswer` gives it. */
interface Told {
  readonly error: RequestFailed | null;
  readonly isPending: boolean;
  readonly isPlaceholderData: boolean;
}

/** A list that the node tells whole, in the shape that a table of pages takes. */
export function onePage<Item>({ error, isPending, isPlaceholderData }: Told, items: readonly Item[] | undefined) {
  return {
    items: items ?? [],
    pageNumber: 1,
    goOn: undefined,
    goBack: undefined,
    answer: { data: items && { next: null }, error, isPending, isPlaceholderData },
  };
}
