import type { FailureAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { useWords } from "../../words/words.tsx";

const outdated = ["/failures", "/status", "/network"];

/** What a deed is about: those named, those of a class, or all. */
export type FailureTarget =
  | { readonly ids: readonly string[] }
  | { readonly class: FailureAnswer["class"] }
  | { readonly all: true };

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
    retry: (target: FailureTarget) =>
      deed.mutate(
        { path: "/failures/retry", body: "all" in target ? {} : target },
        { onSuccess: ({ retried = 0 }) => end(say("failures.retried", { count: retried })) },
      ),
    discard: (target: FailureTarget, reason: string, close: () => void) =>
      deed.mutate(
        { path: "/failures/discard", body: { ...target, reason } },
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
