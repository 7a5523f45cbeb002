import type { AlertAnswer } from "@tributary/admin-api";
import { isWordKey } from "../../words/say.ts";
import { useWords } from "../../words/words.tsx";

const minuteMs = 60_000;

/** Tells an alert in the user's language; one of a rule that a newer node has, in the node's own sentence. */
export function useAlertText() {
  const { say, duration } = useWords();
  return ({ rule, subject, value, sentence }: AlertAnswer): string => {
    const key = `alert.${rule}`;
    if (!isWordKey(key)) return sentence;
    // The node tells whole minutes.
    const time = duration(Math.max(1, value) * minuteMs);
    return say(key, { subject, value, count: value, time });
  };
}
