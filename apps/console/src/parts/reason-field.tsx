import { TextArea } from "@carbon/react";
import { useId } from "react";
import { useWords } from "../words/words.tsx";

/** A reason that the audit trail keeps whole. */
const reasonLengthMax = 200;

/** Where somebody writes why something is done. */
export function ReasonField({
  reason,
  write,
  isFirst = false,
}: {
  readonly reason: string;
  readonly write: (reason: string) => void;
  /** Whether it is what a dialog begins with. */
  readonly isFirst?: boolean;
}) {
  const { say } = useWords();
  return (
    <TextArea
      id={useId()}
      labelText={say("common.reason")}
      helperText={say("common.reasonHelp")}
      value={reason}
      onChange={(event) => write(event.target.value)}
      maxLength={reasonLengthMax}
      rows={2}
      {...(isFirst ? { "data-modal-primary-focus": true } : {})}
    />
  );
}
