import type { ReactNode } from "react";
import { type Deed, useDeed } from "../api/use-answer.ts";
import { FormDialog } from "./form-dialog.tsx";

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
  const doing = useDeed(outdates);
  return (
    <FormDialog
      title={title}
      submit={confirm}
      isDanger
      isReady={!doing.isPending}
      error={doing.error}
      onSubmit={() => doing.mutate(deed, { onSuccess: close })}
      close={close}
    >
      <p>{children}</p>
    </FormDialog>
  );
}
