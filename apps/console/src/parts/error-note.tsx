import { InlineNotification } from "@carbon/react";
import type { RequestFailed } from "../api/request-failed.ts";
import { useWords } from "../words/words.tsx";

/** Says what did not work, in the node's own sentence, with its code. */
export function ErrorNote({ error }: { readonly error: RequestFailed | null }) {
  const { say } = useWords();
  if (!error) return null;
  return (
    <InlineNotification
      kind="error"
      lowContrast
      hideCloseButton
      title={say("common.error")}
      subtitle={`${error.message} (${error.code})`}
    />
  );
}
