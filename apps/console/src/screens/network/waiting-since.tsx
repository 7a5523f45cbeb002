import { useNow } from "../../parts/use-now.ts";
import { useWords } from "../../words/words.tsx";

/** For how long the oldest of something has waited; nothing when nothing waits, or it is not known. */
export function WaitingSince({ since }: { readonly since: number | null }) {
  const { say, duration, time } = useWords();
  const now = useNow();
  if (since === null) return null;
  return (
    <span className="under" title={time(since)}>
      {say("network.waitingFor", { amount: duration(Math.max(0, now - since)) })}
    </span>
  );
}
