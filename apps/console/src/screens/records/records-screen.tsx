import { Button, Form, Search } from "@carbon/react";
import type { AdminAnswer, RecordHit } from "@tributary/admin-api";
import { useState } from "react";
import { usePages } from "../../api/use-pages.ts";
import { PlaceLink, useSearchParameter } from "../../app/location.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { Notice } from "../../parts/notice.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { recordPlace } from "./record-place.ts";

/** Finds patients by name, identifier or id, and any record by its reference. */
export function RecordsScreen() {
  const { say } = useWords();
  const [text, search] = useSearchParameter("q");
  const [typed, type] = useState(text);
  return (
    <>
      <PageTitle title={say("nav.records")} lead={say("records.lead")} />
      <Form
        role="search"
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          search(typed.trim());
        }}
      >
        <Search
          className="filters__search"
          id="record-search"
          size="lg"
          labelText={say("records.search")}
          placeholder={say("records.search")}
          closeButtonLabelText={say("common.close")}
          value={typed}
          onChange={(event) => type(event.target.value)}
          onClear={() => search("")}
        />
        <Button type="submit" size="lg" className="filters__go">
          {say("list.search")}
        </Button>
      </Form>
      {text === "" ? (
        <EmptyState title={say("records.begin")}>{say("records.beginMore")}</EmptyState>
      ) : (
        <FoundRecords text={text} />
      )}
    </>
  );
}

function FoundRecords({ text }: { readonly text: string }) {
  const { say, sayIfKnown } = useWords();
  const sorting = useSorting("match");
  const { by: sort, order } = sorting;
  const pages = usePages("/records", { q: text, sort, order }, ({ items }: AdminAnswer<"GET /records">) => items);
  const columns: readonly Column<RecordHit>[] = [
    {
      key: "name",
      title: say("records.name"),
      sort: "name",
      cell: (hit) => (
        <PlaceLink className="cds--link" to={recordPlace(hit)}>
          {hit.title}
        </PlaceLink>
      ),
    },
    { key: "identifiers", title: say("records.identifiers"), cell: ({ identifiers }) => identifiers.join(", ") || "–" },
    { key: "born", title: say("records.birthDate"), sort: "birthDate", cell: ({ birthDate }) => birthDate ?? "–" },
    {
      key: "gender",
      title: say("records.gender"),
      sort: "gender",
      cell: ({ gender }) => (gender === null ? "–" : sayIfKnown(`gender.${gender}`)),
    },
    {
      key: "reference",
      title: say("records.reference"),
      sort: "id",
      cell: ({ type, id }) => <span className="mono">{`${type}/${id}`}</span>,
    },
    {
      key: "changed",
      title: say("records.changed"),
      sort: "lastUpdated",
      cell: ({ lastUpdated }) => <TimeAgo time={lastUpdated} />,
    },
  ];
  const none = <EmptyState title={say("records.none", { text })}>{say("records.noneMore")}</EmptyState>;
  return (
    <>
      {pages.answer.data?.isCut && <Notice kind="info" title={say("records.cut")} />}
      <DataTable
        label={say("nav.records")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ type, id }) => `${type}/${id}`}
        empty={none}
      />
    </>
  );
}
