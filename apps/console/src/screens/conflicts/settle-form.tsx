import { Button, TextInput } from "@carbon/react";
import { useState } from "react";
import { ErrorNote } from "../../parts/error-note.tsx";
import { useWords } from "../../words/words.tsx";
import { type Choice, decisionOf } from "./choice.ts";
import type { useSettle } from "./use-settle.ts";

/** The reason and the button that settle what was chosen; it waits until something is, and can be read. */
export function SettleForm({
  choices,
  settle,
}: {
  readonly choices: ReadonlyMap<string, Choice>;
  readonly settle: ReturnType<typeof useSettle>;
}) {
  const { say } = useWords();
  const [reason, setReason] = useState("");
  const isReadable = [...choices.values()].every((choice) => decisionOf(choice, "-") !== undefined);
  const isReady = choices.size > 0 && isReadable && reason.trim() !== "" && !settle.isPending;
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
          {say("conflicts.settle", { count: choices.size })}
        </Button>
        <p className="quiet">{say("conflicts.settleHelp")}</p>
      </div>
    </form>
  );
}
