import { useQueries } from "@tanstack/react-query";
import type { ConflictDetail } from "@tributary/admin-api";
import { ask } from "../../api/ask.ts";
import { useAnswer } from "../../api/use-answer.ts";

/** Open conflicts of one record that are shown together; a record seldom has more than a few. */
const togetherMax = 20;

/** A conflict with the other open ones of its record, so that a record is decided at one sitting. */
export function useRecordConflicts(conflictId: string) {
  const first = useAnswer<ConflictDetail>(pathOf(conflictId));
  const siblings = (first.data?.siblings ?? []).filter((id) => id !== conflictId).slice(0, togetherMax);
  const others = useQueries({
    queries: siblings.map((id) => ({
      queryKey: [pathOf(id)],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => ask<ConflictDetail>("GET", pathOf(id), { signal }),
    })),
  });
  const details = [first.data, ...others.map(({ data }) => data)].filter((one) => one !== undefined);
  return { error: first.error, details };
}

function pathOf(conflictId: string): string {
  return `/conflicts/${encodeURIComponent(conflictId)}`;
}
