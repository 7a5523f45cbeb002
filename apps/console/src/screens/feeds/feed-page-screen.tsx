import { ArrowLeft, ArrowRight } from "@carbon/icons-react";
import { Button } from "@carbon/react";
import type { FeedEntryAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { goTo, PlaceLink } from "../../app/location.tsx";
import type { ScreenProps } from "../../app/screen-props.ts";
import { BackLink } from "../../parts/back-link.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { onePage } from "../../parts/one-page.ts";
import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";
import { ReferenceLink } from "../records/reference-link.tsx";

interface FeedPageAnswer {
  readonly category: string;
  readonly page: number;
  readonly lastPage: number;
  readonly entries: readonly FeedEntryAnswer[];
}

/** One page of a feed, entry by entry. */
export function FeedPageScreen({ parameters }: ScreenProps) {
  const { say, sayIfKnown, time, number } = useWords();
  const { category = "", page: asked = "" } = parameters;
  const answer = useAnswer<FeedPageAnswer>(`/feeds/${encodeURIComponent(category)}/${encodeURIComponent(asked)}`);
  const page = answer.data?.page ?? 0;
  const last = answer.data?.lastPage ?? 0;
  const columns: readonly Column<FeedEntryAnswer>[] = [
    { key: "position", title: say("feed.position"), cell: ({ position }) => number(position), isNumber: true },
    {
      key: "published",
      title: say("feed.published"),
      cell: ({ publishedAt }) => (
        <time className="nowrap" dateTime={new Date(publishedAt).toISOString()}>
          {time(publishedAt)}
        </time>
      ),
    },
    {
      key: "entry",
      title: say("feed.entry"),
      cell: ({ id, title }) => (
        <PlaceLink
          className="cds--link"
          to={`/events/${encodeURIComponent(id)}`}
          aria-label={`${say("event.follow")}: ${title}`}
        >
          {title}
        </PlaceLink>
      ),
    },
    {
      key: "record",
      title: say("feed.record"),
      cell: ({ reference }) => <EntryReference reference={reference} />,
    },
    {
      key: "type",
      title: say("feed.type"),
      cell: ({ eventType }) => (eventType === null ? "–" : sayIfKnown(`event.type.${eventType}`)),
    },
    { key: "origin", title: say("feed.origin"), cell: ({ originNode }) => originNode ?? "–" },
    {
      key: "content",
      title: say("feed.content"),
      cell: ({ content }) => <span className="mono">{content ?? "–"}</span>,
    },
  ];
  const name = category === "all" ? say("feeds.all") : category;
  return (
    <>
      <BackLink to="/feeds">{say("feed.back")}</BackLink>
      <PageTitle
        title={say("feed.title", { name })}
        lead={page === last ? say("feed.recentMore") : say("feed.page", { page, last })}
      >
        <PageButtons category={category} page={page} last={last} />
      </PageTitle>
      <DataTable
        label={say("feed.page", { page, last })}
        columns={columns}
        pages={onePage(answer, answer.data?.entries)}
        keyOf={({ position }) => String(position)}
        empty={<EmptyState title={say("feed.empty")} />}
      />
    </>
  );
}

function PageButtons({
  category,
  page,
  last,
}: {
  readonly category: string;
  readonly page: number;
  readonly last: number;
}) {
  const { say } = useWords();
  const show = (wanted: number) => () => goTo(`/feeds/${encodeURIComponent(category)}/${wanted}`);
  return (
    <>
      <Button kind="ghost" size="md" renderIcon={ArrowLeft} disabled={page <= 1} onClick={show(page - 1)}>
        {say("feed.older")}
      </Button>
      <span className="page-of">{say("feed.page", { page, last })}</span>
      <Button kind="ghost" size="md" renderIcon={ArrowRight} disabled={page >= last} onClick={show(page + 1)}>
        {say("feed.newer")}
      </Button>
    </>
  );
}

/** What an entry is about: a record has a page; a conflict or a catchment is named. */
function EntryReference({ reference }: { readonly reference: string | null }) {
  if (reference === null) return "–";
  const [type = "", id = ""] = reference.split("/");
  if (type === "Conflict") {
    return (
      <PlaceLink className="cds--link mono" to={`/conflicts/${encodeURIComponent(id)}`}>
        {reference}
      </PlaceLink>
    );
  }
  return <ReferenceLink reference={reference} />;
}
