import type { RecordDetail } from "@tributary/admin-api";
import { EmptyState } from "../../parts/empty-state.tsx";
import { useWords } from "../../words/words.tsx";
import { type RecordRow, readableRecord } from "./readable-record.ts";
import { ReferenceLink } from "./reference-link.tsx";

/** What a record says, element by element, as a person reads it. */
export function RecordContent({ record }: { readonly record: RecordDetail }) {
  const { say } = useWords();
  if (!record.body) return <EmptyState title={say("record.isDeleted")} />;
  return (
    <>
      <RecordRows rows={readableRecord(record.body)} />
      <p className="quiet record-aside">{say("record.asideFor")}</p>
    </>
  );
}

function RecordRows({ rows }: { readonly rows: readonly RecordRow[] }) {
  const { sayElement } = useWords();
  return (
    <dl className="record-rows">
      {rows.map(({ key, element, value, references, parts }) => (
        <div key={key}>
          <dt>{sayElement(element)}</dt>
          <dd>
            {parts.length > 0 && <RecordRows rows={parts} />}
            {value}
            {references.map((reference) => (
              <span key={reference}>
                {" "}
                <ReferenceLink reference={reference} />
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
