import { Button } from "@carbon/react";
import type { AdminAnswer, ChildAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { usePages } from "../../api/use-pages.ts";
import { useRight } from "../../app/session.tsx";
import { CatchmentSelect } from "../../parts/catchment-select.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";

type ChildrenAnswer = AdminAnswer<"GET /children">;

/** The name of what a child without a catchment has. */
const everything = "everything";

/** Which child has which catchment, and the way to change it. */
export function AssignedChildren() {
  const { say } = useWords();
  const mayAdminister = useRight("administer");
  const [q, seek] = useState("");
  const [chosen, choose] = useState<ChildAnswer>();
  const sorting = useSorting("node", { list: "child-" });
  const { by: sort, order } = sorting;
  const pages = usePages("/children", { access: "enrolled", q, sort, order }, ({ items }: ChildrenAnswer) => items);
  const columns: readonly Column<ChildAnswer>[] = [
    { key: "node", title: say("catchments.child"), sort: "node", cell: ({ node }) => node },
    {
      key: "catchment",
      title: say("catchments.name"),
      sort: "catchment",
      cell: ({ catchment }) =>
        catchment === null || catchment === everything ? say("catchments.everything") : catchment,
    },
    {
      key: "seen",
      title: say("children.seen"),
      sort: "lastSeenAt",
      cell: ({ lastSeenAt }) => <TimeAgo time={lastSeenAt} />,
    },
    {
      key: "change",
      title: say("children.actions"),
      cell: (child) =>
        mayAdminister && (
          <Button
            kind="ghost"
            size="sm"
            onClick={() => choose(child)}
            aria-label={`${say("catchments.assign")}: ${child.node}`}
          >
            {say("catchments.assign")}
          </Button>
        ),
    },
  ];
  return (
    <section className="section" aria-labelledby="assigned-title">
      <h2 id="assigned-title">{say("catchments.assignments")}</h2>
      <div className="filters">
        <SearchBox label={say("catchments.find")} value={q} change={seek} />
      </div>
      <DataTable
        label={say("catchments.assignments")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ node }) => node}
        empty={<EmptyState title={say(q === "" ? "catchments.noChildren" : "network.nobodyFound")} />}
      />
      {chosen && <AssignDialog child={chosen} close={() => choose(undefined)} />}
    </section>
  );
}

function AssignDialog({ child, close }: { readonly child: ChildAnswer; readonly close: () => void }) {
  const { say } = useWords();
  const deed = useDeed(["/children", "/catchments", "/network"]);
  const [catchment, choose] = useState(child.catchment ?? everything);
  const path = `/children/${encodeURIComponent(child.node)}/catchment`;
  return (
    <FormDialog
      title={say("catchments.assignTitle", { node: child.node })}
      submit={say("users.save")}
      isReady={!deed.isPending}
      error={deed.error}
      onSubmit={() => deed.mutate({ path, body: { catchment } }, { onSuccess: close })}
      close={close}
    >
      <p>{say("catchments.assignMore")}</p>
      <CatchmentSelect id="assign-catchment" everything={everything} catchment={catchment} choose={choose} />
    </FormDialog>
  );
}
