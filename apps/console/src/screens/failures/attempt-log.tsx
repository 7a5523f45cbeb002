import { Table, TableBody, TableCell, TableContainer, TableHead, TableHeader, TableRow } from "@carbon/react";
import type { FailureDetail } from "@tributary/admin-api";
import { useWords } from "../../words/words.tsx";

/** What was tried and done about an event, the latest first, as the audit trail tells it. */
export function AttemptLog({ log }: { readonly log: FailureDetail["log"] }) {
  const { say, sayIfKnown, sayOutcome, sayError, time } = useWords();
  if (log.length === 0) return null;
  return (
    <section className="section" aria-labelledby="log">
      <h2 id="log">{say("failures.log")}</h2>
      <TableContainer className="list">
        <Table size="sm" aria-label={say("failures.log")}>
          <TableHead>
            <TableRow>
              <TableHeader>{say("failures.at")}</TableHeader>
              <TableHeader>{say("failures.by")}</TableHeader>
              <TableHeader>{say("failures.what")}</TableHeader>
              <TableHeader>{say("failures.outcome")}</TableHeader>
            </TableRow>
          </TableHead>
          <TableBody>
            {log.map(({ at, actor, operation, outcome, error }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: entries have no name, and the list only grows at its front.
              <TableRow key={`${at}-${index}`}>
                <TableCell>{time(at)}</TableCell>
                <TableCell>{actor}</TableCell>
                <TableCell>{sayIfKnown(`operation.${operation}`)}</TableCell>
                <TableCell>
                  {error === null ? sayOutcome(outcome) : `${sayOutcome(outcome)}: ${sayError(error)}`}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </TableContainer>
    </section>
  );
}
