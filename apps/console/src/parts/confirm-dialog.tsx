import { Modal } from "@carbon/react";
import type { ReactNode } from "react";
import { type Deed, useDeed } from "../api/use-answer.ts";
import { useWords } from "../words/words.tsx";
import { ErrorNote } from "./error-note.tsx";

/** Asks once more before something is taken away; it stays open, and says so, when that fails. */
export function ConfirmDialog({
  title,
  confirm,
  deed,
  outdates,
  close,
  children,
}: {
  readonly title: string;
  readonly confirm: string;
  readonly deed: Deed;
  /** Beginnings of the paths whose answers are not true any more afterwards. */
  readonly outdates: readonly string[];
  readonly close: () => void;
  readonly children: ReactNode;
}) {
  const { say } = useWords();
  const doing = useDeed(outdates);
  return (
    <Modal
      open
      danger
      size="sm"
      modalHeading={title}
      closeButtonLabel={say("common.close")}
      primaryButtonText={confirm}
      secondaryButtonText={say("common.cancel")}
      primaryButtonDisabled={doing.isPending}
      onRequestSubmit={() => doing.mutate(deed, { onSuccess: close })}
      onRequestClose={close}
    >
      <p>{children}</p>
      <ErrorNote error={doing.error} />
    </Modal>
  );
}
