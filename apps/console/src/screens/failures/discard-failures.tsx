import { ConfirmWithReason } from "../../parts/confirm-with-reason.tsx";
import { useWords } from "../../words/words.tsx";
import type { FailureDeeds } from "./failure-deeds.ts";

/** Asks why failures are given up, and gives them up. */
export function DiscardFailures({
  ids,
  deeds,
  close,
}: {
  readonly ids: readonly string[];
  readonly deeds: FailureDeeds;
  readonly close: () => void;
}) {
  const { say } = useWords();
  return (
    <ConfirmWithReason
      title={say("failures.discardTitle", { count: ids.length })}
      confirm={say("failures.discard")}
      danger
      error={deeds.error}
      busy={deeds.isBusy}
      onConfirm={(reason) => deeds.discard(ids, reason, close)}
      onCancel={close}
    >
      <p className="spaced">{say("failures.discardLead")}</p>
    </ConfirmWithReason>
  );
}
