import { useWords } from "../words/words.tsx";
import { useNow } from "./use-now.ts";

/** How long ago something was, with the exact time for those who point at it. */
export function TimeAgo({ time }: { readonly time: number | null | undefined }) {
  const { ago, time: exact, say } = useWords();
  const now = useNow();
  if (time === null || time === undefined) return <span className="quiet">{say("common.never")}</span>;
  return (
    <time dateTime={new Date(time).toISOString()} title={exact(time)}>
      {ago(time, Math.max(now, time))}
    </time>
  );
}
