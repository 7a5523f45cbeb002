import { type ReactNode, useState } from "react";
import type { RequestFailed } from "../api/request-failed.ts";
import { FormDialog } from "./form-dialog.tsx";
import { ReasonField } from "./reason-field.tsx";

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
  const [reason, write] = useState("");
  return (
    <FormDialog
      title={title}
      submit={confirm}
      isDanger={danger}
      isReady={!busy && reason.trim() !== ""}
      error={error}
      onSubmit={() => onConfirm(reason.trim())}
      close={onCancel}
    >
      {children}
      <ReasonField reason={reason} write={write} isFirst />
    </FormDialog>
  );
}
