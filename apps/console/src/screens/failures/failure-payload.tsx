import type { FailureDetail } from "@tributary/admin-api";
import { EmptyState } from "../../parts/empty-state.tsx";
import { useWords } from "../../words/words.tsx";

/** The records of an event as they stand here, or that they are not shown. */
export function FailurePayload({ records }: { readonly records: FailureDetail["records"] }) {
  const { say } = useWords();
  return (
    <section className="section" aria-labelledby="payload">
      <h2 id="payload">{say("failures.payload")}</h2>
      {records === null && <EmptyState title={say("common.withheld")} />}
      {records?.map(({ reference, version, body }) => (
        <details key={reference} className="payload" open={records.length === 1}>
          <summary>
            {reference}, {say("failures.version", { version })}
          </summary>
          <pre className="mono">{body === null ? say("common.withheld") : JSON.stringify(body, null, 2)}</pre>
        </details>
      ))}
    </section>
  );
}
