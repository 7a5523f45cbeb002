import type { EventAtConsumer, EventFollowed } from "@tributary/admin-api";
import { usePages } from "../../api/use-pages.ts";
import { PlaceLink, useSearchParameter } from "../../app/location.tsx";
import type { ScreenProps } from "../../app/screen-props.ts";
import { BackLink } from "../../parts/back-link.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { Facts } from "../../parts/facts.tsx";
import { FilterSelect } from "../../parts/filter-select.tsx";
import { NothingFound } from "../../parts/nothing-found.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { ReferenceLink } from "../records/reference-link.tsx";

const tones = {
  taken: "good",
  failed: "warning",
  dead: "bad",
  waiting: "warning",
  "not-yet": "busy",
  outside: "quiet",
  unknown: "quiet",
} as const;
const states = Object.keys(tones) as readonly EventAtConsumer["state"][];

/** One event followed through everybody who reads it: who took it when, where it failed, who has not come to it. */
export function EventScreen({ parameters: { id = "" } }: ScreenProps) {
  const { say, sayError } = useWords();
  const [state, changeState] = useSearchParameter("state");
  const [q, changeQ] = useSearchParameter("q");
  const sorting = useSorting("kind");
  const { by: sort, order } = sorting;
  const pages = usePages<EventFollowed, EventAtConsumer>(
    `/events/${encodeURIComponent(id)}/consumers`,
    { state, q, sort, order },
    ({ items }) => items,
  );
  const followed = pages.answer.data;
  const columns: readonly Column<EventAtConsumer>[] = [
    { key: "consumer", title: say("feeds.consumer"), sort: "consumer", cell: ({ consumer }) => consumer || "–" },
    { key: "kind", title: say("event.kind"), sort: "kind", cell: ({ kind }) => say(`event.kind.${kind}`) },
    {
      key: "state",
      title: say("network.state"),
      sort: "state",
      cell: (one) => <StateTag tone={tones[one.state]} text={say(`event.state.${one.state}`)} />,
    },
    {
      key: "since",
      title: say("event.since"),
      sort: "at",
      cell: ({ at, behind }) =>
        behind === null ? at === null ? "–" : <TimeAgo time={at} /> : say("event.behind", { count: behind }),
    },
    { key: "error", title: say("event.error"), cell: ({ error }) => (error === null ? "–" : sayError(error)) },
    {
      key: "feed",
      title: say("feeds.feed"),
      sort: "feed",
      cell: ({ feed }) => <span className="mono breaks">{feed}</span>,
    },
  ];
  return (
    <>
      <BackLink to="/feeds">{say("feed.back")}</BackLink>
      <PageTitle title={followed?.event.title ?? id} lead={say("event.title")} />
      {followed && <EventFacts event={followed.event} />}
      <section className="section" aria-labelledby="readers">
        <h2 id="readers">{say("feeds.consumers")}</h2>
        {followed && (
          <div className="chips spaced">
            {states
              .filter((one) => (followed.counts[one] ?? 0) > 0)
              .map((one) => (
                <StateTag key={one} tone={tones[one]} text={`${say(`event.state.${one}`)}: ${followed.counts[one]}`} />
              ))}
          </div>
        )}
        <div className="filters">
          <SearchBox label={say("event.search")} value={q} change={changeQ} />
          <FilterSelect
            label={say("network.state")}
            value={state}
            change={changeState}
            values={states}
            textOf={(one) => say(`event.state.${one}`)}
          />
        </div>
        <DataTable
          label={say("feeds.consumers")}
          columns={columns}
          pages={pages}
          sorting={sorting}
          keyOf={({ kind, consumer, feed }) => `${kind} ${consumer} ${feed}`}
          empty={
            state === "" && q === "" ? (
              <EmptyState title={say("event.none")} />
            ) : (
              <NothingFound title={say("event.none")} />
            )
          }
        />
      </section>
    </>
  );
}

function EventFacts({ event }: { readonly event: EventFollowed["event"] }) {
  const { say, sayIfKnown, time, number } = useWords();
  const { id, publishedAt, eventType, reference, version, originNode, places } = event;
  return (
    <Facts
      facts={[
        [say("feed.record"), reference === null ? undefined : <ReferenceLink key="record" reference={reference} />],
        [say("audit.versions"), version === null ? undefined : number(version)],
        [say("feed.type"), eventType === null ? undefined : sayIfKnown(`event.type.${eventType}`)],
        [say("feed.published"), time(publishedAt)],
        [say("feed.origin"), originNode ?? undefined],
        [
          say("event.id"),
          <span key="id" className="mono">
            {id}
          </span>,
        ],
        [
          say("event.places"),
          places.length === 0 ? undefined : (
            <ul key="places">
              {places.map(({ category, position, page }) => (
                <li key={category}>
                  <PlaceLink className="cds--link" to={`/feeds/${encodeURIComponent(category)}/${page}`}>
                    {say("event.place", { category: category === "all" ? say("feeds.all") : category, position, page })}
                  </PlaceLink>
                </li>
              ))}
            </ul>
          ),
        ],
      ]}
    />
  );
}
