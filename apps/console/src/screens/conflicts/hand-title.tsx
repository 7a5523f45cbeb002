import type { ConflictDetail } from "@tributary/admin-api";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";

/** The heading of a side: whose it is, who wrote it and when, as far as that was kept. */
export function HandTitle({
  side,
  hand,
}: {
  readonly side: "parent" | "child";
  readonly hand: ConflictDetail["parent"];
}) {
  const { say } = useWords();
  const { node = "", author = null, at = null } = hand ?? {};
  return (
    <>
      {say(`conflicts.${side}`)}
      {hand && (
        <span className="hand">
          {author === null ? node : say("conflicts.hand", { author, node })}
          {at !== null && (
            <>
              , <TimeAgo time={at} />
            </>
          )}
        </span>
      )}
    </>
  );
}
