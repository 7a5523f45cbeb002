import type { FailureAnswer } from "@tributary/admin-api";
import { PlaceLink } from "../../app/location.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import { toneOfClass } from "./failure-class.ts";
import { NextAttempt } from "./next-attempt.tsx";

/** Records of one event that a row names; the others are counted. */
const namedMax = 2;

/** The columns of the list of failures. */
export function useFailureColumns(): readonly Column<FailureAnswer>[] {
  const { say, sayIfKnown, number } = useWords();
  return [
    {
      key: "records",
      title: say("failures.records"),
      sort: "place",
      cell: ({ failureId, references }) => (
        <PlaceLink className="cds--link" to={`/failures/${encodeURIComponent(failureId)}`}>
          {references.length === 0 ? failureId : references.slice(0, namedMax).join(", ")}
          {references.length > namedMax && ` +${references.length - namedMax}`}
        </PlaceLink>
      ),
    },
    {
      key: "class",
      title: say("failures.reason"),
      sort: "class",
      cell: (one) => (
        <>
          <StateTag tone={toneOfClass[one.class]} text={say(`failure.class.${one.class}`)} />
          <span className="why">{sayIfKnown(`failure.reason.${one.reason}`)}</span>
        </>
      ),
    },
    {
      key: "attempts",
      title: say("failures.attempts"),
      sort: "attempts",
      isNumber: true,
      cell: ({ attempts }) => number(attempts),
    },
    {
      key: "first",
      title: say("failures.first"),
      sort: "firstFailedAt",
      cell: ({ firstFailedAt }) => <TimeAgo time={firstFailedAt} />,
    },
    {
      key: "last",
      title: say("failures.last"),
      sort: "lastFailedAt",
      cell: ({ lastFailedAt }) => <TimeAgo time={lastFailedAt} />,
    },
    {
      key: "next",
      title: say("failures.next"),
      sort: "nextAttemptAt",
      cell: (one) => <NextAttempt failure={one} />,
    },
    {
      key: "dependants",
      title: say("failures.dependants"),
      isNumber: true,
      cell: ({ dependants }) => number(dependants.length),
    },
  ];
}
