import { InlineNotification } from "@carbon/react";
import type { RequestFailed } from "../api/request-failed.ts";
import type { WordKey } from "../words/catalogue.ts";
import { useWords } from "../words/words.tsx";

/** Says what did not work, in the node's own sentence, with its code, and what to do about it. */
export function ErrorNote({ error }: { readonly error: RequestFailed | null }) {
  const { say } = useWords();
  if (!error) return null;
  const advice = adviceOn(error.status);
  return (
    <InlineNotification
      kind="error"
      lowContrast
      hideCloseButton
      title={say("common.error")}
      subtitle={`${error.message} (${error.code})`}
    >
      {advice !== undefined && <p>{say(advice)}</p>}
    </InlineNotification>
  );
}

/** What one can do, by the kind of refusal; a request that is not valid is told by the node's own sentence. */
function adviceOn(status: number): WordKey | undefined {
  switch (status) {
    case 0:
      return "error.unreachable";
    case 403:
      return "error.forbidden";
    case 404:
      return "error.gone";
    case 409:
    case 412:
      return "error.changed";
    case 429:
      return "error.tooMany";
    default:
      return status >= 500 ? "error.broken" : undefined;
  }
}
