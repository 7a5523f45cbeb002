import { Button } from "@carbon/react";
import type { FailureDetail } from "@tributary/admin-api";
import { useState } from "react";
import { keepDigits } from "../../api/digits.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { PlaceLink } from "../../app/location.tsx";
import type { ScreenProps } from "../../app/screen-props.ts";
import { useRight } from "../../app/session.tsx";
import { BackLink } from "../../parts/back-link.tsx";
import { DeedNotice } from "../../parts/deed-notice.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { useWords } from "../../words/words.tsx";
import { AttemptLog } from "./attempt-log.tsx";
import { DiscardFailures } from "./discard-failures.tsx";
import { toneOfClass } from "./failure-class.ts";
import { useFailureDeeds } from "./failure-deeds.ts";
import { FailureFacts } from "./failure-facts.tsx";
import { FailurePayload } from "./failure-payload.tsx";

/** One failed event: why, what to do, what waits for it, what was tried, and its content for those who may see it. */
export function FailureScreen({ parameters: { id = "" } }: ScreenProps) {
  const { say } = useWords();
  const [isDiscarding, setDiscarding] = useState(false);
  const [edited, tellEdited] = useState<string>();
  const mayOperate = useRight("operate");
  const maySeePeople = useRight("see-people");
  const deeds = useFailureDeeds(() => undefined);
  const answer = useAnswer<FailureDetail>(`/failures/${encodeURIComponent(id)}`, { revive: keepDigits });
  const failure = answer.error ? undefined : answer.data;
  return (
    <>
      <BackLink to="/failures">{say("failures.back")}</BackLink>
      <PageTitle
        title={failure?.references.join(", ") || id}
        lead={failure && <StateTag tone={toneOfClass[failure.class]} text={say(`failure.class.${failure.class}`)} />}
      >
        {failure?.references[0] && maySeePeople && (
          <Button size="md" kind="ghost" as={PlaceLink} {...{ to: `/records/${failure.references[0]}` }}>
            {say("failures.open")}
          </Button>
        )}
        {failure && mayOperate && (
          <>
            <Button size="md" disabled={deeds.isBusy} onClick={() => deeds.retry({ ids: [id] })}>
              {say("failures.retry")}
            </Button>
            <Button size="md" kind="danger--tertiary" onClick={() => setDiscarding(true)}>
              {say("failures.discard")}
            </Button>
          </>
        )}
      </PageTitle>
      <DeedNotice told={edited ?? deeds.told} error={isDiscarding ? null : deeds.error} />
      {answer.error?.status === 404 && <EmptyState title={say("failures.gone")} />}
      {answer.error?.status !== 404 && <ErrorNote error={answer.error} />}
      {failure && (
        <>
          <FailureFacts failure={failure} />
          <FailurePayload failure={failure} told={tellEdited} />
          <AttemptLog log={failure.log} />
        </>
      )}
      {isDiscarding && (
        <DiscardFailures target={{ ids: [id] }} count={1} deeds={deeds} close={() => setDiscarding(false)} />
      )}
    </>
  );
}
