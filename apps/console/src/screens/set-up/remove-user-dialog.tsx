import { Modal } from "@carbon/react";
import { useDeed } from "../../api/use-answer.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { useWords } from "../../words/words.tsx";

/** Asks once more before a user is removed. */
export function RemoveUserDialog({ name, close }: { readonly name: string; readonly close: () => void }) {
  const { say } = useWords();
  const deed = useDeed(["/users", "/audit"]);
  const path = `/users/${encodeURIComponent(name)}`;
  return (
    <Modal
      open
      danger
      size="sm"
      modalHeading={say("users.removeTitle", { name })}
      closeButtonLabel={say("common.close")}
      primaryButtonText={say("users.remove")}
      secondaryButtonText={say("common.cancel")}
      primaryButtonDisabled={deed.isPending}
      onRequestSubmit={() => deed.mutate({ method: "DELETE", path }, { onSuccess: close })}
      onRequestClose={close}
    >
      <p>{say("users.removeMore", { name })}</p>
      <ErrorNote error={deed.error} />
    </Modal>
  );
}
