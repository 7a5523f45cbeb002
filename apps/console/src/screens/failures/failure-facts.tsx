import type { FailureDetail } from "@tributary/admin-api";
import { Facts } from "../../parts/facts.tsx";
import { RecordLinks } from "../../parts/record-links.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import { NextAttempt } from "./next-attempt.tsx";

/** Why an event failed, in words, and what hangs on it. */
export function FailureFacts({ failure }: { readonly failure: FailureDetail }) {
  const { say, sayIfKnown, number } = useWords();
  const { missing, dependants, detail } = failure;
  return (
    <Facts
      facts={[
        [say("failures.reason"), sayIfKnown(`failure.reason.${failure.reason}`)],
        [say("failures.detail"), detail === null ? undefined : <DetailText key="detail" detail={detail} />],
        [say("failures.advice"), say(`failure.advice.${failure.class}`)],
        [say("failures.records"), <RecordLinks key="records" references={failure.references} />],
        [
          say("failures.missing"),
          missing.length === 0 ? undefined : <RecordLinks key="missing" references={missing} />,
        ],
        [
          say("failures.dependants"),
          dependants.length === 0 ? undefined : <RecordLinks key="waiting" references={dependants} />,
        ],
        [say("failures.kind"), say(`failures.kind.${failure.kind}`)],
        [say("failures.attempts"), number(failure.attempts)],
        [say("failures.first"), <TimeAgo key="first" time={failure.firstFailedAt} />],
        [say("failures.last"), <TimeAgo key="last" time={failure.lastFailedAt} />],
        [say("failures.next"), <NextAttempt key="next" failure={failure} />],
      ]}
    />
  );
}

/** What the other side said, in its own words; nodes speak English to each other. */
function DetailText({ detail }: { readonly detail: string }) {
  return <span lang="en">{detail}</span>;
}
