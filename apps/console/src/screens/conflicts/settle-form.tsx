import { Button, TextInput } from "@carbon/react";
import { useState } from "react";
import { ErrorNote } from "../../parts/error-note.tsx";
import { useWords } from "../../words/words.tsx";
import type { Choice } from "./choice.ts";
import type { PreviewTold } from "./use-previews.ts";
import type { useSettle } from "./use-settle.ts";

/** The reason and the button that settle what was chosen; it waits until something is, and the node found it valid. */
export function SettleForm({
  choices,
  previews,
  settle,
}: {
  readonly choices: ReadonlyMap<string, Choice>;
  readonly previews: ReadonlyMap<string, PreviewTold>;
  readonly settle: ReturnType<typeof useSettle>;
}) {
  const { say } = useWords();
  const [reason, setReason] = useState("");
  const isSound = [...choices.keys()].every((conflictId) => previews.get(conflictId)?.isSound);
  const isReady = choices.size > 0 && isSound && reason.trim() !== "" && !settle.isPending;
  return (
    <form
      className="settle"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) settle.mutate({ choices, reason: reason.trim() });
      }}
    >
      <ErrorNote error={settle.error} />
      <TextInput
        id="reason"
        labelText={say("common.reason")}
        helperText={say("common.reasonHelp")}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.target.value)}
      />
      <div>
        <Button type="submit" disabled={!isReady}>
          {choices.size === 0 ? say("conflicts.settleNone") : say("conflicts.settle", { count: choices.size })}
        </Button>
        <p className="quiet">{say("conflicts.settleHelp")}</p>
      </div>
    </form>
  );
}
