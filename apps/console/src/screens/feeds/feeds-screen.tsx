import type { FeedAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { PlaceLink } from "../../app/location.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { onePage } from "../../parts/one-page.ts";
import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";
import { Consumers } from "./consumers.tsx";

interface FeedsAnswer {
  readonly items: readonly FeedAnswer[];
}

/** What this node announces, feed by feed, and how far its consumers have come. */
export function FeedsScreen() {
  const { say } = useWords();
  const answer = useAnswer<FeedsAnswer>("/feeds");
  return (
    <>
      <PageTitle title={say("nav.feeds")} lead={say("feeds.lead")} />
      <section className="section" aria-labelledby="feeds-published">
        <h2 id="feeds-published">{say("feeds.published")}</h2>
        <PublishedFeeds answer={answer} />
      </section>
      <section className="section" aria-labelledby="feeds-consumers">
        <h2 id="feeds-consumers">{say("feeds.consumers")}</h2>
        <Consumers categories={answer.data?.items.map(({ category }) => category) ?? []} />
      </section>
    </>
  );
}

type Told = ReturnType<typeof useAnswer<FeedsAnswer>>;

function PublishedFeeds({ answer }: { readonly answer: Told }) {
  const { say, number } = useWords();
  const nameOf = ({ category }: FeedAnswer) => (category === "all" ? say("feeds.all") : category);
  const columns: readonly Column<FeedAnswer>[] = [
    {
      key: "category",
      title: say("feeds.category"),
      cell: (feed) => (
        <PlaceLink
          className="cds--link"
          to={`/feeds/${encodeURIComponent(feed.category)}/recent`}
          aria-label={say("feeds.browse", { name: nameOf(feed) })}
        >
          {nameOf(feed)}
        </PlaceLink>
      ),
    },
    { key: "entries", title: say("feeds.entries"), cell: ({ head }) => number(head), isNumber: true },
    { key: "pages", title: say("feeds.pages"), cell: ({ lastPage }) => number(lastPage), isNumber: true },
    {
      key: "atom",
      title: say("feeds.atom"),
      cell: ({ category }) => {
        const path = category === "all" ? "/feed/recent" : `/feed/${encodeURIComponent(category)}/recent`;
        return (
          <a className="cds--link mono" href={path}>
            {path}
          </a>
        );
      },
    },
  ];
  return (
    <DataTable
      label={say("feeds.published")}
      columns={columns}
      pages={onePage(answer, answer.data?.items)}
      keyOf={({ category }) => category}
      empty={<EmptyState title={say("feeds.none")} />}
    />
  );
}
