import { Edit } from "@carbon/icons-react";
import { Button } from "@carbon/react";
import type { FailureDetail } from "@tributary/admin-api";
import { useState } from "react";
import { useRight } from "../../app/session.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { useWords } from "../../words/words.tsx";
import { EditAndRetry } from "./edit-and-retry.tsx";

/** The records of an event as they stand here, or that they are not shown; what is to be sent can be mended in place. */
export function FailurePayload({
  failure: { failureId, kind, records },
  told,
}: {
  readonly failure: FailureDetail;
  readonly told: (sentence: string) => void;
}) {
  const { say } = useWords();
  const [editing, edit] = useState<string>();
  const mayEdit = useRight("review") && kind === "push";
  return (
    <section className="section" aria-labelledby="payload">
      <h2 id="payload">{say("failures.payload")}</h2>
      {records === null && <EmptyState title={say("common.withheld")} />}
      {records?.map((record) => (
        <details key={record.reference} className="payload" open={records.length === 1}>
          <summary>
            {record.reference}, {say("failures.version", { version: record.version })}
          </summary>
          {editing === record.reference ? (
            <EditAndRetry
              failureId={failureId}
              record={record}
              close={(sentence) => {
                edit(undefined);
                if (sentence) told(sentence);
              }}
            />
          ) : (
            <>
              <pre className="mono">
                {record.body === null ? say("common.withheld") : JSON.stringify(record.body, null, 2)}
              </pre>
              {mayEdit && record.body !== null && (
                <Button
                  kind="tertiary"
                  size="sm"
                  renderIcon={Edit}
                  onClick={() => edit(record.reference)}
                  aria-label={`${say("failures.edit")}: ${record.reference}`}
                >
                  {say("failures.edit")}
                </Button>
              )}
            </>
          )}
        </details>
      ))}
    </section>
  );
}
