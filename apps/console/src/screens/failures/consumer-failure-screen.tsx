import { Button } from "@carbon/react";
import type { FeedFailure } from "@tributary/admin-api";
import { useAnswer, useDeed } from "../../api/use-answer.ts";
import { PlaceLink } from "../../app/location.tsx";
import type { ScreenProps } from "../../app/screen-props.ts";
import { useRight } from "../../app/session.tsx";
import { BackLink } from "../../parts/back-link.tsx";
import { DeedNotice } from "../../parts/deed-notice.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Facts } from "../../parts/facts.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";

/** One event that a consumer could not process: what it said each time, and the way to the event at all others. */
export function ConsumerFailureScreen({ parameters: { id = "" } }: ScreenProps) {
  const { say, number } = useWords();
  const mayOperate = useRight("operate");
  const deed = useDeed(["/feeds", "/events"]);
  const path = `/feeds/failures/${encodeURIComponent(id)}`;
  const answer = useAnswer<FeedFailure>(path);
  const failure = answer.error ? undefined : answer.data;
  return (
    <>
      <BackLink to="/failures?tab=consumers">{say("failures.back")}</BackLink>
      <PageTitle
        title={failure?.title ?? failure?.eventId ?? id}
        lead={failure && say("feedFailure.at", { consumer: failure.consumer || "–" })}
      >
        {failure && (
          <Button size="md" kind="ghost" as={PlaceLink} {...{ to: `/events/${encodeURIComponent(failure.eventId)}` }}>
            {say("event.follow")}
          </Button>
        )}
        {failure && mayOperate && (
          <Button size="md" disabled={deed.isPending} onClick={() => deed.mutate({ path: `${path}/retry` })}>
            {say("failures.retry")}
          </Button>
        )}
      </PageTitle>
      <DeedNotice told={deed.isSuccess ? say("failures.retried", { count: 1 }) : undefined} error={deed.error} />
      {answer.error?.status === 404 && <EmptyState title={say("failures.gone")} />}
      {answer.error?.status !== 404 && <ErrorNote error={answer.error} />}
      {failure && (
        <>
          <Facts
            facts={[
              [say("network.state"), say(`feedFailure.${failure.state}`)],
              [say("feedFailure.message"), failure.message ?? say("common.withheld")],
              [say("feeds.feed"), <Mono key="feed" text={failure.feed} />],
              [say("feed.content"), failure.content === null ? undefined : <Mono key="c" text={failure.content} />],
              [say("event.id"), <Mono key="event" text={failure.eventId} />],
              [say("failures.attempts"), number(failure.retries)],
              [say("failures.last"), <TimeAgo key="last" time={failure.failedAt} />],
              [
                say("failures.next"),
                failure.nextRetryAt === null ? undefined : <TimeAgo key="next" time={failure.nextRetryAt} />,
              ],
            ]}
          />
          <Log log={failure.log ?? []} />
        </>
      )}
    </>
  );
}

function Mono({ text }: { readonly text: string }) {
  return <span className="mono">{text}</span>;
}

function Log({ log }: { readonly log: NonNullable<FeedFailure["log"]> }) {
  const { say } = useWords();
  if (log.length === 0) return null;
  return (
    <section className="section" aria-labelledby="log">
      <h2 id="log">{say("failures.log")}</h2>
      <ol className="timeline">
        {log.map(({ at, message }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no name, and the list only grows at its front.
          <li key={`${at}-${index}`}>
            <article>
              <header>
                <TimeAgo time={at} />
              </header>
              <p>{message ?? say("common.withheld")}</p>
            </article>
          </li>
        ))}
      </ol>
    </section>
  );
}
