import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { useWords } from "../../words/words.tsx";

/** Asks once more before a user is removed. */
export function RemoveUserDialog({ name, close }: { readonly name: string; readonly close: () => void }) {
  const { say } = useWords();
  return (
    <ConfirmDialog
      title={say("users.removeTitle", { name })}
      confirm={say("users.remove")}
      deed={{ method: "DELETE", path: `/users/${encodeURIComponent(name)}` }}
      outdates={["/users", "/audit"]}
      close={close}
    >
      {say("users.removeMore", { name })}
    </ConfirmDialog>
  );
}
