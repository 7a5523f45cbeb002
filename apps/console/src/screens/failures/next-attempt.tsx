import type { FailureAnswer } from "@tributary/admin-api";
import { useNow } from "../../parts/use-now.ts";
import { useWords } from "../../words/words.tsx";

/** When a failure is tried again by itself, if it is. */
export function NextAttempt({ failure }: { readonly failure: FailureAnswer }) {
  const { say, ago, time } = useWords();
  const now = useNow();
  const { nextAttemptAt, reason } = failure;
  if (nextAttemptAt !== null && nextAttemptAt > now)
    return <span title={time(nextAttemptAt)}>{ago(nextAttemptAt, now)}</span>;
  return <span>{say(reason === "refused-by-parent" ? "failures.afterEdit" : "failures.nextRound")}</span>;
}
