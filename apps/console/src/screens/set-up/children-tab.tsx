import { Add } from "@carbon/icons-react";
import { Button } from "@carbon/react";
import type { AdminAnswer, ChildAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { usePages } from "../../api/use-pages.ts";
import { useSearchParameter } from "../../app/location.tsx";
import { useRight } from "../../app/session.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterSelect } from "../../parts/filter-select.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { CloneDialog } from "./clone-dialog.tsx";
import { EnrolDialog } from "./enrol-dialog.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";

type Doing = { readonly kind: "enrol" | "revoke" | "decide"; readonly node: string };

/** Every node that ever enrolled here, and the ways to let one in, or out. */
export function ChildrenTab() {
  const { say } = useWords();
  const mayAdminister = useRight("administer");
  const [q, seek] = useSearchParameter("q");
  const [access, changeAccess] = useSearchParameter("access");
  const [doing, set] = useState<Doing>();
  const sorting = useSorting("node");
  const { by: sort, order } = sorting;
  const pages = usePages("/children", { q, access, sort, order }, ({ items }: AdminAnswer<"GET /children">) => items);
  const columns: readonly Column<ChildAnswer>[] = [
    { key: "node", title: say("children.node"), sort: "node", cell: ({ node }) => node },
    { key: "state", title: say("children.state"), cell: (child) => <AccessState child={child} /> },
    {
      key: "catchment",
      title: say("children.catchment"),
      sort: "catchment",
      cell: ({ catchment }) =>
        catchment === null || catchment === "everything" ? say("children.catchmentEvery") : catchment,
    },
    {
      key: "enrolled",
      title: say("children.enrolled"),
      sort: "enrolledAt",
      cell: ({ enrolledAt }) => <TimeAgo time={enrolledAt} />,
    },
    {
      key: "seen",
      title: say("children.seen"),
      sort: "lastSeenAt",
      cell: ({ lastSeenAt }) => <TimeAgo time={lastSeenAt} />,
    },
    {
      key: "do",
      title: say("children.actions"),
      cell: ({ node, revokedAt, contestedAt }) =>
        mayAdminister && (
          <>
            {revokedAt === null && contestedAt !== null && (
              <Button
                kind="ghost"
                size="sm"
                onClick={() => set({ kind: "decide", node })}
                aria-label={`${say("clones.decide")}: ${node}`}
              >
                {say("clones.decide")}
              </Button>
            )}
            <Button
              kind="ghost"
              size="sm"
              onClick={() => set({ kind: "enrol", node })}
              aria-label={`${say("children.rotate")}: ${node}`}
            >
              {say("children.rotate")}
            </Button>
            {revokedAt === null && (
              <Button
                kind="danger--ghost"
                size="sm"
                onClick={() => set({ kind: "revoke", node })}
                aria-label={`${say("children.revoke")}: ${node}`}
              >
                {say("children.revoke")}
              </Button>
            )}
          </>
        ),
    },
  ];
  return (
    <>
      <div className="filters">
        <SearchBox label={say("catchments.find")} value={q} change={seek} />
        <FilterSelect
          label={say("children.state")}
          value={access}
          change={changeAccess}
          values={["enrolled", "revoked", "contested"]}
          textOf={(one) => say(`children.${one}State`)}
        />
        {mayAdminister && (
          <Button size="md" className="filters__go" renderIcon={Add} onClick={() => set({ kind: "enrol", node: "" })}>
            {say("children.enrol")}
          </Button>
        )}
      </div>
      <DataTable
        label={say("setUpScreen.children")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ node }) => node}
        empty={
          q === "" && access === "" ? (
            <EmptyState title={say("children.none")}>{say("children.enrolMore")}</EmptyState>
          ) : (
            <EmptyState title={say("network.nobodyFound")} />
          )
        }
      />
      {doing?.kind === "enrol" && <EnrolDialog named={doing.node} close={() => set(undefined)} />}
      {doing?.kind === "decide" && <CloneDialog node={doing.node} close={() => set(undefined)} />}
      {doing?.kind === "revoke" && <RevokeDialog node={doing.node} close={() => set(undefined)} />}
    </>
  );
}

function AccessState({ child: { revokedAt, contestedAt } }: { readonly child: ChildAnswer }) {
  const { say } = useWords();
  if (revokedAt !== null) return <StateTag tone="quiet" text={say("children.revokedState")} />;
  if (contestedAt !== null) return <StateTag tone="bad" text={say("children.contestedState")} />;
  return <StateTag tone="good" text={say("children.enrolledState")} />;
}
