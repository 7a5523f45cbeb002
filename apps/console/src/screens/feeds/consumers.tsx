import { Button } from "@carbon/react";
import type { AdminAnswer, FeedConsumer } from "@tributary/admin-api";
import { useState } from "react";
import { usePages } from "../../api/use-pages.ts";
import { PlaceLink, useSearchParameter } from "../../app/location.tsx";
import { useRight } from "../../app/session.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { DeedNotice } from "../../parts/deed-notice.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterSelect } from "../../parts/filter-select.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { MarkerDialog } from "./marker-dialog.tsx";

/** The consumers that keep their markers here: how far each has come, what it failed on, and the way to move its marker. */
export function Consumers({ categories }: { readonly categories: readonly string[] }) {
  const { say, number } = useWords();
  const [q, changeQ] = useSearchParameter("q");
  const [category, changeCategory] = useSearchParameter("category");
  const [moving, move] = useState<FeedConsumer>();
  const [told, tell] = useState<string>();
  const mayOperate = useRight("operate");
  const sorting = useSorting("consumer");
  const pages = usePages<AdminAnswer<"GET /feeds/consumers">, FeedConsumer>(
    "/feeds/consumers",
    { q, category, sort: sorting.by, order: sorting.order },
    ({ items }) => items,
  );
  const columns: readonly Column<FeedConsumer>[] = [
    { key: "consumer", title: say("feeds.consumer"), sort: "consumer", cell: ({ consumer }) => consumer || "–" },
    {
      key: "feed",
      title: say("feeds.feed"),
      sort: "feed",
      cell: ({ feed, category }) => (
        <>
          <span className="mono breaks">{feed}</span>
          {category !== null && <span className="under">{category === "all" ? say("feeds.all") : category}</span>}
        </>
      ),
    },
    {
      key: "marker",
      title: say("feeds.marker"),
      cell: ({ lastEntryId, movedAt }) => (
        <>
          <span className="mono breaks">{lastEntryId ?? "–"}</span>
          {movedAt !== null && (
            <span className="under">
              <TimeAgo time={movedAt} />
            </span>
          )}
        </>
      ),
    },
    {
      key: "behind",
      title: say("network.behind"),
      isNumber: true,
      cell: ({ behind }) => (behind === null ? "–" : number(behind)),
    },
    {
      key: "failed",
      title: say("feeds.failed"),
      sort: "failed",
      isNumber: true,
      cell: ({ consumer, failed, failedByState }) => (
        <>
          <PlaceLink
            className="cds--link"
            to={`/failures?tab=consumers&consumer=${encodeURIComponent(consumer)}`}
            aria-label={say("feeds.failedOf", { name: consumer || "–", count: failed })}
          >
            <StateTag tone={failed > 0 ? "bad" : "good"} text={number(failed)} />
          </PlaceLink>
          {(failedByState["dead"] ?? 0) > 0 && (
            <span className="under">{say("feeds.dead", { count: failedByState["dead"] ?? 0 })}</span>
          )}
        </>
      ),
    },
    {
      key: "do",
      title: say("children.actions"),
      cell: (consumer) =>
        mayOperate && (
          <Button
            kind="ghost"
            size="sm"
            onClick={() => move(consumer)}
            aria-label={`${say("feeds.move")}: ${consumer.consumer || consumer.feed}`}
          >
            {say("feeds.move")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <DeedNotice told={told} error={null} />
      <div className="filters">
        <SearchBox label={say("event.search")} value={q} change={changeQ} />
        <FilterSelect
          label={say("feeds.category")}
          value={category}
          change={changeCategory}
          values={categories}
          textOf={(one) => (one === "all" ? say("feeds.all") : one)}
        />
      </div>
      <DataTable
        label={say("feeds.consumers")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ consumer, feed }) => `${consumer} ${feed}`}
        empty={
          q === "" && category === "" ? (
            <EmptyState title={say("feeds.consumersNone")}>{say("feeds.consumersMore")}</EmptyState>
          ) : (
            <EmptyState title={say("feeds.consumersNotFound")} />
          )
        }
      />
      {moving && (
        <MarkerDialog
          consumer={moving}
          close={(sentence) => {
            move(undefined);
            if (sentence) tell(sentence);
          }}
        />
      )}
    </>
  );
}
