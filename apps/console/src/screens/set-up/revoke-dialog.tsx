import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { useWords } from "../../words/words.tsx";

/** Asks once more before a child's access is taken away. */
export function RevokeDialog({ node, close }: { readonly node: string; readonly close: () => void }) {
  const { say } = useWords();
  return (
    <ConfirmDialog
      title={say("children.revokeTitle", { node })}
      confirm={say("children.revoke")}
      deed={{ method: "DELETE", path: `/children/${encodeURIComponent(node)}` }}
      outdates={["/children", "/network", "/audit"]}
      close={close}
    >
      {say("children.revokeMore")}
    </ConfirmDialog>
  );
}
