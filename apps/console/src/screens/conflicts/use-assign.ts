import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ConflictAnswer } from "@tributary/admin-api";
import { ask } from "../../api/ask.ts";
import type { RequestFailed } from "../../api/request-failed.ts";

/** Who is to decide, and what. */
interface Assignment {
  readonly conflicts: readonly ConflictAnswer[];
  /** `null` for nobody. */
  readonly assignee: string | null;
  /** Whether it is a group, or somebody at another node, whom this one does not know. */
  readonly unlisted: boolean;
}

/** Has the node note who is to decide, one conflict after the other; to say the same again changes nothing. */
export function useAssign(afterwards: () => void) {
  const queries = useQueryClient();
  return useMutation<void, RequestFailed, Assignment>({
    mutationFn: async ({ conflicts, assignee, unlisted }) => {
      for (const { conflictId } of conflicts) {
        const path = `/conflicts/${encodeURIComponent(conflictId)}/assign`;
        await ask("POST", path, { body: { assignee, unlisted } });
      }
    },
    onSuccess: afterwards,
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith("/conflicts") }),
  });
}
