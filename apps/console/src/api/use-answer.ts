import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ask } from "./ask.ts";
import type { RequestFailed } from "./request-failed.ts";

/**
 * What the node answers to `GET path`, kept fresh. The last answer stays while another page or filter is fetched.
 * `path` is the key in the cache too, so two screens that ask the same share one answer.
 */
export function useAnswer<Answer>(
  path: string,
  {
    enabled = true,
    everyMs,
    revive,
  }: {
    readonly enabled?: boolean;
    readonly everyMs?: number;
    /** How its values are read, when that is not as `JSON.parse` does; the same wherever the path is asked. */
    readonly revive?: (key: string, value: unknown) => unknown;
  } = {},
) {
  return useQuery<Answer, RequestFailed>({
    queryKey: [path],
    queryFn: ({ signal }) => ask<Answer>("GET", path, { signal, ...(revive ? { revive } : {}) }),
    placeholderData: keepPreviousData,
    enabled,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  });
}

/** Something that one can have the node do. */
export interface Deed {
  readonly method?: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

/**
 * Has the node do something; afterwards every answer whose path begins with one of `outdates` is asked for again.
 */
export function useDeed<Answer = unknown>(outdates: readonly string[]) {
  const queries = useQueryClient();
  return useMutation<Answer, RequestFailed, Deed>({
    mutationFn: ({ method = "POST", path, body }) => ask<Answer>(method, path, { body }),
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [path] }) => outdates.some((start) => String(path).startsWith(start)),
      }),
  });
}
