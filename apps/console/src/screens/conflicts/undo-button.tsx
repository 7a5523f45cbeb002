import { Undo } from "@carbon/icons-react";
import { Button, Checkbox } from "@carbon/react";
import type { AdminAnswer, ConflictAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { ConfirmWithReason } from "../../parts/confirm-with-reason.tsx";
import { useWords } from "../../words/words.tsx";
import { elementName } from "./element-name.ts";

/** Takes a decision back: the record says again what it said before, and the conflict is open. */
export function UndoButton({ conflict }: { readonly conflict: ConflictAnswer }) {
  const { say } = useWords();
  const { conflictId, element } = conflict;
  const [isAsking, ask] = useState(false);
  const [keepValue, keep] = useState(false);
  const deed = useDeed<AdminAnswer<"POST /conflicts/:id/undo">>([
    "/conflicts",
    "/status",
    "/records",
    "/timeline",
    "/network",
  ]);
  const path = `/conflicts/${encodeURIComponent(conflictId)}/undo`;
  return (
    <>
      <Button
        kind="ghost"
        size="sm"
        renderIcon={Undo}
        onClick={() => ask(true)}
        aria-label={`${say("conflicts.undo")}: ${elementName(element)}`}
      >
        {say("conflicts.undo")}
      </Button>
      {isAsking && (
        <ConfirmWithReason
          title={say("conflicts.undoTitle", { element: elementName(element) })}
          confirm={say("conflicts.undo")}
          error={deed.error}
          busy={deed.isPending}
          onCancel={() => ask(false)}
          onConfirm={(reason) => deed.mutate({ path, body: { reason, keepValue } }, { onSuccess: () => ask(false) })}
        >
          <p className="spaced">{say("conflicts.undoLead")}</p>
          <Checkbox
            className="spaced"
            id={`keep-${conflictId}`}
            labelText={say("conflicts.undoKeep")}
            helperText={say("conflicts.undoKeepHelp")}
            checked={keepValue}
            onChange={(_, { checked }) => keep(checked)}
          />
        </ConfirmWithReason>
      )}
    </>
  );
}
