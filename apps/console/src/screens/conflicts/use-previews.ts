import { useQueries } from "@tanstack/react-query";
import type { ConflictPreview } from "@tributary/admin-api";
import { ask } from "../../api/ask.ts";
import type { RequestFailed } from "../../api/request-failed.ts";
import { useSettled } from "../../parts/use-settled.ts";
import { type Choice, decisionOf } from "./choice.ts";

/** Long enough that a value is typed to its end before the node is asked about it. */
const typingPauseMs = 400;
/** What comes of a decision that leaves the record as it should be. */
const soundOutcomes: ReadonlySet<ConflictPreview["outcome"]> = new Set(["edit", "deletion", "no-change"]);

/** What would come of a choice: waited for, told, or not to be had. */
export interface PreviewTold {
  readonly preview: ConflictPreview | undefined;
  readonly error: RequestFailed | null;
  /** Whether it may be decided so, as far as the node knows by now. */
  readonly isSound: boolean;
}

/** Asks the node what the record would become by each choice, before anything is saved. */
export function usePreviews(choices: ReadonlyMap<string, Choice>): ReadonlyMap<string, PreviewTold> {
  const settled = useSettled(choices, typingPauseMs);
  const asked = [...settled].flatMap(([conflictId, choice]) => {
    const decision = decisionOf(choice);
    return decision ? [{ conflictId, decision }] : [];
  });
  const answers = useQueries({
    queries: asked.map(({ conflictId, decision }) => ({
      queryKey: [`/conflicts/${conflictId}/preview`, decision],
      queryFn: () =>
        ask<ConflictPreview>("POST", `/conflicts/${encodeURIComponent(conflictId)}/preview`, { body: decision }),
      retry: false,
    })),
  });
  return new Map(
    asked.map(({ conflictId }, at) => {
      const preview = answers[at]?.data;
      const isTyping = settled.get(conflictId) !== choices.get(conflictId);
      const isSound = preview !== undefined && !isTyping && soundOutcomes.has(preview.outcome);
      return [conflictId, { preview, error: (answers[at]?.error ?? null) as RequestFailed | null, isSound }];
    }),
  );
}
