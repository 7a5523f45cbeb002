import { Add } from "@carbon/icons-react";
import { Button } from "@carbon/react";
import type { AdminAnswer, CatchmentAnswer } from "@tributary/admin-api";
import { usePages } from "../../api/use-pages.ts";
import { goTo, PlaceLink, useSearchParameter } from "../../app/location.tsx";
import { useRight } from "../../app/session.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { AssignedChildren } from "./assigned-children.tsx";
import { OnDemandRecords } from "./on-demand-records.tsx";
import { RuleText } from "./rule-text.tsx";
import { TypesForAll } from "./types-for-all.tsx";

/** Whose records each child holds: the catchments, the children that have them, and who was fetched beside them. */
export function CatchmentsScreen() {
  const { say } = useWords();
  const mayAdminister = useRight("administer");
  return (
    <>
      <PageTitle title={say("nav.catchments")} lead={say("catchments.lead")}>
        {mayAdminister && (
          <Button size="md" renderIcon={Add} onClick={() => goTo("/catchments/new")}>
            {say("catchments.new")}
          </Button>
        )}
      </PageTitle>
      <Catchments />
      <AssignedChildren />
      <TypesForAll />
      <OnDemandRecords />
    </>
  );
}

function Catchments() {
  const { say, number } = useWords();
  const [q, seek] = useSearchParameter("q");
  const sorting = useSorting("name");
  const { by: sort, order } = sorting;
  const pages = usePages("/catchments", { q, sort, order }, ({ items }: AdminAnswer<"GET /catchments">) => items);
  const columns: readonly Column<CatchmentAnswer>[] = [
    {
      key: "name",
      title: say("catchments.name"),
      sort: "name",
      cell: ({ name }) => (
        <PlaceLink className="cds--link" to={`/catchments/${encodeURIComponent(name)}`}>
          {name}
        </PlaceLink>
      ),
    },
    { key: "rule", title: say("catchments.rule"), cell: ({ rule }) => <RuleText rule={rule} /> },
    {
      key: "members",
      title: say("catchments.members"),
      sort: "members",
      cell: ({ members }) => number(members),
      isNumber: true,
    },
    {
      key: "suspended",
      title: say("catchments.suspended"),
      cell: ({ suspended }) => number(suspended),
      isNumber: true,
    },
    { key: "decided", title: say("catchments.decided"), cell: ({ pass }) => <Decided pass={pass} /> },
    {
      key: "children",
      title: say("catchments.children"),
      cell: ({ children }) => number(children.length),
      isNumber: true,
    },
  ];
  return (
    <>
      <div className="filters">
        <SearchBox label={say("catchments.findCatchment")} value={q} change={seek} />
      </div>
      <DataTable
        label={say("nav.catchments")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ name }) => name}
        empty={
          q === "" ? (
            <EmptyState title={say("catchments.none")}>{say("catchments.noneMore")}</EmptyState>
          ) : (
            <EmptyState title={say("catchments.noneFound")} />
          )
        }
      />
    </>
  );
}

function Decided({ pass }: Pick<CatchmentAnswer, "pass">) {
  const { say } = useWords();
  if (!pass) return say("catchments.notBegun");
  if (pass.endedAt !== null) return say("catchments.decidedAll");
  return say("catchments.deciding", { done: pass.done, total: pass.total });
}
