import { Modal } from "@carbon/react";
import type { ReactNode } from "react";
import type { RequestFailed } from "../api/request-failed.ts";
import { useWords } from "../words/words.tsx";
import { ErrorNote } from "./error-note.tsx";

/** A dialog with fields of which one thing is done at the end. It stays open, and says so, when that fails. */
export function FormDialog({
  title,
  submit,
  isReady,
  isDone = false,
  isDanger = false,
  size = "sm",
  error,
  onSubmit,
  close,
  children,
}: {
  readonly title: string;
  /** What the button says that does it. */
  readonly submit: string;
  /** Whether all is written that is needed, and nothing is under way. */
  readonly isReady: boolean;
  /** Whether it is done, and the dialog tells what came of it until it is closed. */
  readonly isDone?: boolean;
  readonly isDanger?: boolean;
  readonly size?: "sm" | "md" | "lg";
  readonly error: RequestFailed | null;
  readonly onSubmit: () => void;
  readonly close: () => void;
  readonly children: ReactNode;
}) {
  const { say } = useWords();
  return (
    <Modal
      open
      size={size}
      danger={isDanger}
      modalHeading={title}
      closeButtonLabel={say("common.close")}
      primaryButtonText={isDone ? say("common.done") : submit}
      secondaryButtonText={isDone ? "" : say("common.cancel")}
      primaryButtonDisabled={!isReady}
      onRequestSubmit={isDone ? close : onSubmit}
      onRequestClose={close}
      preventCloseOnClickOutside
    >
      <div className="form-rows">
        <ErrorNote error={error} />
        {children}
      </div>
    </Modal>
  );
}
