import { Modal, TextArea } from "@carbon/react";
import { type ReactNode, useState } from "react";
import type { RequestFailed } from "../api/request-failed.ts";
import { useWords } from "../words/words.tsx";
import { ErrorNote } from "./error-note.tsx";

/** A reason that the audit trail keeps whole. */
const reasonLengthMax = 200;

/** Asks for a reason before something is done that cannot simply be taken back. It stays open, and says so, when it fails. */
export function ConfirmWithReason({
  title,
  confirm,
  danger = false,
  children,
  error,
  busy,
  onConfirm,
  onCancel,
}: {
  readonly title: string;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly children?: ReactNode;
  readonly error: RequestFailed | null;
  readonly busy: boolean;
  readonly onConfirm: (reason: string) => void;
  readonly onCancel: () => void;
}) {
  const { say } = useWords();
  const [reason, setReason] = useState("");
  return (
    <Modal
      open
      size="sm"
      danger={danger}
      modalHeading={title}
      primaryButtonText={confirm}
      secondaryButtonText={say("common.cancel")}
      closeButtonLabel={say("common.close")}
      primaryButtonDisabled={busy || reason.trim() === ""}
      onRequestSubmit={() => onConfirm(reason.trim())}
      onRequestClose={onCancel}
    >
      {children}
      <ErrorNote error={error} />
      <TextArea
        id="reason"
        labelText={say("common.reason")}
        helperText={say("common.reasonHelp")}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        maxLength={reasonLengthMax}
        rows={3}
        data-modal-primary-focus
      />
    </Modal>
  );
}
