import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AdminAnswer } from "@tributary/admin-api";
import { ask } from "../../api/ask.ts";
import type { RequestFailed } from "../../api/request-failed.ts";
import { type Choice, decisionOf } from "./choice.ts";

/** How many were settled, and how many somebody else had settled before. */
export interface Settled {
  readonly settled: number;
  readonly already: number;
}

/**
 * Sends the decisions about a record's conflicts, one after the other, since each makes a version of the record. The
 * node validates each before it takes effect; the first refusal ends it, with those before it decided.
 */
export function useSettle(afterwards: () => void) {
  const queries = useQueryClient();
  return useMutation<
    Settled,
    RequestFailed,
    { readonly choices: ReadonlyMap<string, Choice>; readonly reason: string }
  >({
    mutationFn: async ({ choices, reason }) => {
      const told = { settled: 0, already: 0 };
      for (const [conflictId, choice] of choices) {
        const decision = decisionOf(choice);
        if (!decision) continue;
        const body = { ...decision, reason };
        const path = `/conflicts/${encodeURIComponent(conflictId)}/resolve`;
        const { kind } = await ask<AdminAnswer<"POST /conflicts/:id/resolve">>("POST", path, { body });
        told[kind === "resolved" ? "settled" : "already"] += 1;
      }
      return told;
    },
    onSuccess: afterwards,
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [path] }) => /^\/(conflicts|status|records|timeline|network)/.test(String(path)),
      }),
  });
}
