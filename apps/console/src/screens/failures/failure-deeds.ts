import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { useWords } from "../../words/words.tsx";

const outdated = ["/failures", "/status", "/network"];

/** What can be done about failures, and what came of the last deed. */
export function useFailureDeeds(afterwards: () => void) {
  const { say } = useWords();
  const deed = useDeed<{ readonly retried?: number; readonly discarded?: number }>(outdated);
  const [told, setTold] = useState<string>();
  const end = (sentence: string) => {
    setTold(sentence);
    afterwards();
  };
  return {
    told,
    error: deed.error,
    isBusy: deed.isPending,
    retry: (ids: readonly string[]) =>
      deed.mutate(
        { path: "/failures/retry", body: { ids } },
        { onSuccess: ({ retried = 0 }) => end(say("failures.retried", { count: retried })) },
      ),
    discard: (ids: readonly string[], reason: string, close: () => void) =>
      deed.mutate(
        { path: "/failures/discard", body: { ids, reason } },
        {
          onSuccess: ({ discarded = 0 }) => {
            close();
            end(say("failures.discarded", { count: discarded }));
          },
        },
      ),
  };
}

/** What `useFailureDeeds` hands out. */
export type FailureDeeds = ReturnType<typeof useFailureDeeds>;
