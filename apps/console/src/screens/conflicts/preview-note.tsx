import { InlineLoading } from "@carbon/react";
import { ChangesTable } from "../../parts/changes-table.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { useWords } from "../../words/words.tsx";
import type { PreviewTold } from "./use-previews.ts";

/** What the record would become by a choice, or why it cannot become that. */
export function PreviewNote({ told, type }: { readonly told: PreviewTold | undefined; readonly type: string }) {
  const { say } = useWords();
  if (!told) return null;
  const { preview, error, isSound } = told;
  if (error) return <ErrorNote error={error} />;
  if (!preview) return <InlineLoading description={say("conflicts.checking")} />;
  return (
    <div className="preview-note" aria-live="polite">
      <StateTag tone={isSound ? "good" : "bad"} text={say(`conflicts.preview.${preview.outcome}`)} />
      {preview.issues.length > 0 && (
        <ul className="issues">
          {preview.issues.map(({ diagnostics, expression }) => (
            <li key={`${expression} ${diagnostics}`}>
              {expression !== null && <span className="mono">{expression}: </span>}
              {diagnostics}
            </li>
          ))}
        </ul>
      )}
      {preview.outcome === "edit" && (
        <ChangesTable label={say("conflicts.wouldChange")} changes={preview.changes} type={type} />
      )}
    </div>
  );
}
