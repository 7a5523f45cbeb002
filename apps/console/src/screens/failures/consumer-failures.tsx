import { Button, DismissibleTag } from "@carbon/react";
import type { AdminAnswer, FeedFailure } from "@tributary/admin-api";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { usePages } from "../../api/use-pages.ts";
import { PlaceLink, useSearchParameter } from "../../app/location.tsx";
import { useRight } from "../../app/session.tsx";
import { ConfirmWithReason } from "../../parts/confirm-with-reason.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { DeedNotice } from "../../parts/deed-notice.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterSelect } from "../../parts/filter-select.tsx";
import { NothingFound } from "../../parts/nothing-found.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";

const states = ["retrying", "waiting", "dead"] as const satisfies readonly FeedFailure["state"][];
const tones = { retrying: "busy", waiting: "warning", dead: "bad" } as const;

/** Events that consumers of the feeds could not process, each tried again or given up. */
export function ConsumerFailures() {
  const { say, number } = useWords();
  const [state, changeState] = useSearchParameter("state");
  const [consumer, changeConsumer] = useSearchParameter("consumer");
  const [q, changeQ] = useSearchParameter("q");
  const [discarding, discard] = useState<string>();
  const [told, tell] = useState<string>();
  const mayOperate = useRight("operate");
  const deed = useDeed(["/feeds", "/events"]);
  const sorting = useSorting("failed");
  const pages = usePages<AdminAnswer<"GET /feeds/failures">, FeedFailure>(
    "/feeds/failures",
    { state, consumer, q, order: sorting.order },
    ({ items }) => items,
  );
  const isFiltered = [state, consumer, q].some((value) => value !== "");
  const pathOf = (id: string, verb: "retry" | "discard") => `/feeds/failures/${encodeURIComponent(id)}/${verb}`;
  const columns: readonly Column<FeedFailure>[] = [
    {
      key: "event",
      title: say("feed.entry"),
      // In the order in which they failed first.
      sort: "failed",
      cell: ({ failureId, title, eventId }) => (
        <PlaceLink className="cds--link" to={`/failures/at-consumer/${encodeURIComponent(failureId)}`}>
          {title ?? eventId}
        </PlaceLink>
      ),
    },
    { key: "consumer", title: say("feeds.consumer"), cell: (one) => one.consumer || "–" },
    {
      key: "state",
      title: say("network.state"),
      cell: (one) => <StateTag tone={tones[one.state]} text={say(`feedFailure.${one.state}`)} />,
    },
    { key: "retries", title: say("failures.attempts"), isNumber: true, cell: ({ retries }) => number(retries) },
    { key: "failed", title: say("failures.last"), cell: ({ failedAt }) => <TimeAgo time={failedAt} /> },
    {
      key: "do",
      title: say("children.actions"),
      cell: ({ failureId, title, eventId }) =>
        mayOperate && (
          <>
            <Button
              kind="ghost"
              size="sm"
              aria-label={`${say("failures.retry")}: ${title ?? eventId}`}
              onClick={() =>
                deed.mutate(
                  { path: pathOf(failureId, "retry") },
                  { onSuccess: () => tell(say("failures.retried", { count: 1 })) },
                )
              }
            >
              {say("failures.retry")}
            </Button>
            <Button
              kind="danger--ghost"
              size="sm"
              aria-label={`${say("failures.discard")}: ${title ?? eventId}`}
              onClick={() => discard(failureId)}
            >
              {say("failures.discard")}
            </Button>
          </>
        ),
    },
  ];
  return (
    <>
      <DeedNotice told={told} error={discarding === undefined ? deed.error : null} />
      <div className="filters">
        <SearchBox label={say("feedFailure.search")} value={q} change={changeQ} />
        <FilterSelect
          label={say("network.state")}
          value={state}
          change={changeState}
          values={states}
          textOf={(one) => say(`feedFailure.${one}`)}
        />
        {consumer !== "" && (
          <DismissibleTag
            text={say("feedFailure.onlyOf", { consumer })}
            dismissTooltipLabel={say("feedFailure.every")}
            onClose={() => changeConsumer("")}
          />
        )}
      </div>
      <DataTable
        label={say("failures.tab.consumers")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ failureId }) => failureId}
        empty={
          isFiltered ? (
            <NothingFound title={say("failures.noneFound")} />
          ) : (
            <EmptyState title={say("feedFailure.none")}>{say("feeds.consumersMore")}</EmptyState>
          )
        }
      />
      {discarding !== undefined && (
        <ConfirmWithReason
          title={say("failures.discardTitle", { count: 1 })}
          confirm={say("failures.discard")}
          danger
          error={deed.error}
          busy={deed.isPending}
          onCancel={() => discard(undefined)}
          onConfirm={(reason) =>
            deed.mutate(
              { path: pathOf(discarding, "discard"), body: { reason } },
              {
                onSuccess: () => {
                  discard(undefined);
                  tell(say("failures.discarded", { count: 1 }));
                },
              },
            )
          }
        >
          <p className="spaced">{say("feedFailure.discardLead")}</p>
        </ConfirmWithReason>
      )}
    </>
  );
}
