import type { ConflictAnswer } from "@tributary/admin-api";
import { useRight } from "../../app/session.tsx";
import { useNow } from "../../parts/use-now.ts";
import { useWords } from "../../words/words.tsx";
import { UndoButton } from "./undo-button.tsx";

/** Who decided a conflict, when and why, and the way to take that back; below it a decision that was taken back. */
export function ResolutionNote({ conflict }: { readonly conflict: ConflictAnswer }) {
  const { say, ago } = useWords();
  const now = useNow();
  const mayReview = useRight("review");
  const { resolution, undone, state } = conflict;
  return (
    <>
      {resolution && (
        <div className="resolution">
          <p>
            {say("conflicts.resolvedBy", {
              by: resolution.by,
              reason: resolution.reason,
              ago: ago(resolution.at, Math.max(resolution.at, now)),
            })}
          </p>
          {mayReview && state === "resolved" && <UndoButton conflict={conflict} />}
        </div>
      )}
      {undone && (
        <p className="resolution quiet">
          {say("conflicts.undoneBy", {
            decidedBy: undone.decidedBy,
            by: undone.by,
            reason: undone.reason,
            ago: ago(undone.at, Math.max(undone.at, now)),
          })}
        </p>
      )}
    </>
  );
}
