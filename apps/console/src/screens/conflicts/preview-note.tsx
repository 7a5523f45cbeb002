import type { ConflictPreview } from "@tributary/admin-api";
import { Busy } from "../../parts/busy.tsx";
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
  if (!preview) return <Busy text={say("conflicts.checking")} />;
  return (
    <div className="preview-note" aria-live="polite">
      <StateTag tone={isSound ? "good" : "bad"} text={say(`conflicts.preview.${preview.outcome}`)} />
      {preview.issues.length > 0 && (
        <ul className="issues">
          {preview.issues.map((issue) => (
            <li key={`${issue.expression} ${issue.diagnostics}`}>
              <IssueText issue={issue} />
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

/** What the node's check says of a place in the record. */
function IssueText({
  issue: { code, diagnostics, expression },
}: {
  readonly issue: ConflictPreview["issues"][number];
}) {
  const { sayNode } = useWords();
  const told = { key: `issue-${code}`, values: { place: expression ?? "", diagnostics } };
  const { text, original } = sayNode({ code: "", message: diagnostics, ...(expression === null ? {} : { told }) });
  return (
    <>
      {expression !== null && original === undefined && <span className="mono">{expression}: </span>}
      {text}
      {original !== undefined && (
        <span className="quiet" lang="en">
          {" "}
          ({original})
        </span>
      )}
    </>
  );
}
