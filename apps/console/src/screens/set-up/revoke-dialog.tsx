import { Modal } from "@carbon/react";
import { useDeed } from "../../api/use-answer.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { useWords } from "../../words/words.tsx";

/** Asks once more before a child's access is taken away. */
export function RevokeDialog({ node, close }: { readonly node: string; readonly close: () => void }) {
  const { say } = useWords();
  const deed = useDeed(["/children", "/network", "/audit"]);
  const path = `/children/${encodeURIComponent(node)}`;
  return (
    <Modal
      open
      danger
      size="sm"
      modalHeading={say("children.revokeTitle", { node })}
      closeButtonLabel={say("common.close")}
      primaryButtonText={say("children.revoke")}
      secondaryButtonText={say("common.cancel")}
      primaryButtonDisabled={deed.isPending}
      onRequestSubmit={() => deed.mutate({ method: "DELETE", path }, { onSuccess: close })}
      onRequestClose={close}
    >
      <p>{say("children.revokeMore")}</p>
      <ErrorNote error={deed.error} />
    </Modal>
  );
}
