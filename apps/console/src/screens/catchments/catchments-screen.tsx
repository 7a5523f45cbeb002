import { Add } from "@carbon/icons-react";
import { Button } from "@carbon/react";
import type { CatchmentAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { goTo, PlaceLink } from "../../app/location.tsx";
import { useRight } from "../../app/session.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { onePage } from "../../parts/one-page.ts";
import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";
import { AssignedChildren } from "./assigned-children.tsx";
import { OnDemandRecords } from "./on-demand-records.tsx";
import { RuleText } from "./rule-text.tsx";

export interface CatchmentsAnswer {
  readonly items: readonly CatchmentAnswer[];
}

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
      <OnDemandRecords />
    </>
  );
}

function Catchments() {
  const { say, number } = useWords();
  const answer = useAnswer<CatchmentsAnswer>("/catchments");
  const columns: readonly Column<CatchmentAnswer>[] = [
    {
      key: "name",
      title: say("catchments.name"),
      cell: ({ name }) => (
        <PlaceLink className="cds--link" to={`/catchments/${encodeURIComponent(name)}`}>
          {name}
        </PlaceLink>
      ),
    },
    { key: "rule", title: say("catchments.rule"), cell: ({ rule }) => <RuleText rule={rule} /> },
    { key: "members", title: say("catchments.members"), cell: ({ members }) => number(members), isNumber: true },
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
    <DataTable
      label={say("nav.catchments")}
      columns={columns}
      pages={onePage(answer, answer.data?.items)}
      keyOf={({ name }) => name}
      empty={<EmptyState title={say("catchments.none")}>{say("catchments.noneMore")}</EmptyState>}
    />
  );
}

function Decided({ pass }: Pick<CatchmentAnswer, "pass">) {
  const { say } = useWords();
  if (!pass) return say("catchments.notBegun");
  if (pass.endedAt !== null) return say("catchments.decidedAll");
  return say("catchments.deciding", { done: pass.done, total: pass.total });
}
