import type { RequestFailed } from "../api/request-failed.ts";
import type { WordKey } from "../words/catalogue.ts";
import { useWords } from "../words/words.tsx";
import { Notice } from "./notice.tsx";

/** Says what did not work, as the node says it, with its code, and what to do about it. */
export function ErrorNote({ error }: { readonly error: RequestFailed | null }) {
  const { say, sayNode } = useWords();
  if (!error) return null;
  const advice = adviceOn(error);
  const { text, original } = sayNode(error);
  return (
    <Notice kind="error" title={say("common.error")} subtitle={`${text} (${error.code})`}>
      {original !== undefined && (
        <p className="quiet">
          {say("error.original")} <span lang="en">{original}</span>
        </p>
      )}
      {advice !== undefined && <p>{say(advice)}</p>}
    </Notice>
  );
}

/** The codes of what somebody else has changed in the meantime; other refusals of this kind say themselves what stands in the way. */
const overtaken: ReadonlySet<string> = new Set([
  "FAILURE_NOT_EDITED",
  "FEED_MARKER_MOVED",
  "RESOLUTION_REFUSED",
  "SETTINGS_MOVED",
]);

/** What one can do, by the kind of refusal; a request that is not valid is told by the node's own sentence. */
function adviceOn({ status, code }: RequestFailed): WordKey | undefined {
  switch (status) {
    case 0:
      return "error.unreachable";
    case 403:
      return "error.forbidden";
    case 404:
      return "error.gone";
    case 409:
    case 412:
      return overtaken.has(code) ? "error.changed" : undefined;
    case 429:
      return "error.tooMany";
    default:
      return status >= 500 ? "error.broken" : undefined;
  }
}
