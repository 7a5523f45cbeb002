import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@carbon/react";
import type { ManualReport, RecordPreview } from "@tributary/admin-api";
import type { ReactNode } from "react";
import { useWords } from "../../words/words.tsx";

/** What a synchronization would change at either end, and what would be contested. */
export function PreviewTable({ records }: { readonly records: readonly RecordPreview[] }) {
  const { say, sayIfKnown, sayElement } = useWords();
  const news = records.filter(
    ({ here, there, waits, conflicts }) =>
      here !== "unchanged" || there !== "unchanged" || waits !== null || conflicts.length > 0,
  );
  if (news.length === 0) return <p>{say("syncRecord.nothing")}</p>;
  return (
    <>
      <p>{say("syncRecord.previewed", { count: news.length })}</p>
      <SmallTable
        label={say("syncRecord.preview")}
        heads={["record", "here", "parent", "conflictsHead", "elements"].map((name) =>
          sayIfKnown(`syncRecord.${name}`),
        )}
        rows={news.map(({ type, id, here, there, waits, conflicts, changesHere, changesThere }) => [
          `${type}/${id}`,
          sayIfKnown(`effect.${waits ?? here}`),
          sayIfKnown(`effect.${waits ?? there}`),
          conflicts.map(({ path }) => sayElement(path)).join(", ") || "–",
          [...new Set([...changesHere, ...changesThere].map(({ path }) => sayElement(path)))].join(", ") || "–",
        ])}
      />
    </>
  );
}

/** What came of each record, a row for each direction. */
export function ResultTable({ results }: Pick<ManualReport, "results">) {
  const { say, sayIfKnown, sayOutcome, sayError } = useWords();
  if (results.length === 0) return <p>{say("syncRecord.nothing")}</p>;
  return (
    <>
      <p>{say("syncRecord.done", { count: results.length })}</p>
      <SmallTable
        label={say("syncRecord.result")}
        heads={["record", "direction", "result", "why"].map((name) => sayIfKnown(`syncRecord.${name}`))}
        rows={results.map(({ type, id, direction, outcome, reason }) => [
          `${type}/${id}`,
          sayIfKnown(`operation.${direction}`),
          sayOutcome(outcome),
          reason === null ? "" : sayError(reason),
        ])}
      />
    </>
  );
}

function SmallTable({
  label,
  heads,
  rows,
}: {
  readonly label: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
}) {
  return (
    <div className="list">
      <Table size="sm" aria-label={label}>
        <TableHead>
          <TableRow>
            {heads.map((head) => (
              <TableHeader key={head}>{head}</TableHeader>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((cells) => (
            <TableRow key={cells.slice(0, 2).join(" ")}>
              {cells.map((cell, at) => (
                <TableCell key={heads[at]}>{cell}</TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
