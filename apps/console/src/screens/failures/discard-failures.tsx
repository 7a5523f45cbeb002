import { ConfirmWithReason } from "../../parts/confirm-with-reason.tsx";
import { useWords } from "../../words/words.tsx";
import type { FailureDeeds, FailureTarget } from "./failure-deeds.ts";

/** Asks why failures are given up, and gives them up. */
export function DiscardFailures({
  target,
  count,
  deeds,
  close,
}: {
  readonly target: FailureTarget;
  /** How many these are. */
  readonly count: number;
  readonly deeds: FailureDeeds;
  readonly close: () => void;
}) {
  const { say } = useWords();
  return (
    <ConfirmWithReason
      title={say("failures.discardTitle", { count })}
      confirm={say("failures.discard")}
      danger
      error={deeds.error}
      busy={deeds.isBusy}
      onConfirm={(reason) => deeds.discard(target, reason, close)}
      onCancel={close}
    >
      <p className="spaced">{say("failures.discardLead")}</p>
    </ConfirmWithReason>
  );
}
