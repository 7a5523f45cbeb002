import type { TimelineEntry } from "@tributary/admin-api";
import { useWords } from "../words/words.tsx";
import { readableValue } from "./readable-value.ts";

/** What becomes another value, element by element: before and after; what is new has nothing before it. */
export function ChangesTable({
  label,
  changes,
  type,
}: Pick<TimelineEntry, "changes"> & { readonly label: string; readonly type: string }) {
  const { say, sayElement } = useWords();
  // A record's id is its name, which the page has at its head.
  const told = changes.filter(({ path }) => path !== `${type}.id`);
  if (told.length === 0) return <p className="quiet">{say("timeline.noChanges")}</p>;
  const hasBefore = told.some(({ before }) => before !== undefined);
  return (
    <table className="changes" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{say("timeline.element")}</th>
          {hasBefore && <th scope="col">{say("timeline.before")}</th>}
          <th scope="col">{say("timeline.after")}</th>
        </tr>
      </thead>
      <tbody>
        {told.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row" title={path}>
              {sayElement(path)}
            </th>
            {hasBefore && <td className={before === undefined ? "" : "changes__before"}>{fragmentText(before)}</td>}
            <td className="changes__after">{fragmentText(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The path names a member already, so a fragment of one member is told by its value alone. */
function fragmentText(fragment: Readonly<Record<string, unknown>> | undefined): string {
  if (fragment === undefined) return "–";
  const members = Object.values(fragment);
  return members.length === 1 ? readableValue(members[0]) : readableValue(fragment);
}
