import { Button } from "@carbon/react";
import type { ConflictAnswer } from "@tributary/admin-api";
import { useDeed } from "../../api/use-answer.ts";
import { useSession } from "../../app/session.tsx";
import { useWords } from "../../words/words.tsx";

/** Takes a conflict on, or gives it back. */
export function AssignButton({ conflict: { conflictId, assignee } }: { readonly conflict: ConflictAnswer }) {
  const { say } = useWords();
  const { user } = useSession();
  const deed = useDeed(["/conflicts"]);
  const isMine = assignee === user;
  const assign = () =>
    deed.mutate({
      path: `/conflicts/${encodeURIComponent(conflictId)}/assign`,
      body: { assignee: isMine ? null : user },
    });
  return (
    <Button size="md" kind="ghost" disabled={deed.isPending} onClick={assign}>
      {say(isMine ? "conflicts.unassign" : "conflicts.assign")}
    </Button>
  );
}
