import { Tag } from "@carbon/react";
import type { AuditEntry, TimelineAnswer, TimelineEntry } from "@tributary/admin-api";
import { ChangesTable } from "../../parts/changes-table.tsx";
import { useWords } from "../../words/words.tsx";

/** Everything that happened to a record, the latest version first. */
export function RecordTimeline({ timeline }: { readonly timeline: TimelineAnswer }) {
  const { say } = useWords();
  const { entries, isCut, others, key } = timeline;
  return (
    <>
      {isCut && <p className="quiet">{say("timeline.cut", { count: entries.length })}</p>}
      <ol className="timeline" reversed>
        {entries.toReversed().map((entry) => (
          <li key={entry.version}>
            <TimelineVersion entry={entry} type={key.type} />
          </li>
        ))}
      </ol>
      {others.length > 0 && (
        <section className="section">
          <h3>{say("timeline.others")}</h3>
          <TrailSteps trail={others} />
        </section>
      )}
    </>
  );
}

function TimelineVersion({ entry, type }: { readonly entry: TimelineEntry; readonly type: string }) {
  const { say, sayIfKnown, time } = useWords();
  const { version, at, operation, originNode: node, author, cameBy, link, changes, trail, elsewhere } = entry;
  const made = sayIfKnown(`timeline.${operation}`);
  return (
    <article>
      <header>
        <Tag size="md" type={operation === "delete" ? "red" : "blue"}>
          {version}
        </Tag>
        <h3>
          {author === null || author === node
            ? say("timeline.at", { made, node })
            : say("timeline.by", { made, author, node })}
        </h3>
        <time dateTime={new Date(at).toISOString()}>{time(at)}</time>
      </header>
      {link !== null && (
        <p className="quiet">
          {say("timeline.over", { operation: sayIfKnown(`operation.${cameBy ?? "pull"}`), link })}
        </p>
      )}
      {operation !== "delete" && (
        <ChangesTable label={say("record.version", { version })} changes={changes} type={type} />
      )}
      {trail.length + elsewhere.length > 0 && (
        <details>
          <summary>{say("timeline.journey")}</summary>
          <TrailSteps trail={[...trail, ...elsewhere]} />
        </details>
      )}
    </article>
  );
}

function TrailSteps({ trail }: { readonly trail: readonly AuditEntry[] }) {
  const { say, sayIfKnown, sayOutcome, sayError, time } = useWords();
  return (
    <ul className="trail">
      {trail.map(({ node, entryId, at, operation, outcome, error, link }) => (
        <li key={`${node}-${entryId}`}>
          <time dateTime={new Date(at).toISOString()}>{time(at)}</time>
          <span>
            {say("timeline.step", {
              node: link === null ? node : `${node} – ${link}`,
              operation: sayIfKnown(`operation.${operation}`),
              outcome: error === null ? sayOutcome(outcome) : sayError(error),
            })}
          </span>
        </li>
      ))}
    </ul>
  );
}
