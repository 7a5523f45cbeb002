import { Add } from "@carbon/icons-react";
import { Button, Search } from "@carbon/react";
import type { ChildAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { useRight } from "../../app/session.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useSlices } from "../../parts/use-slices.ts";
import { useWords } from "../../words/words.tsx";
import { EnrolDialog } from "./enrol-dialog.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";

type Doing = { readonly kind: "enrol"; readonly node: string } | { readonly kind: "revoke"; readonly node: string };

/** Every node that ever enrolled here, and the ways to let one in, or out. */
export function ChildrenTab() {
  const { say } = useWords();
  const mayAdminister = useRight("administer");
  const [sought, seek] = useState("");
  const [doing, set] = useState<Doing>();
  const answer = useAnswer<{ readonly items: readonly ChildAnswer[] }>("/children");
  const found = answer.data?.items.filter(({ node }) => node.includes(sought.trim()));
  const pages = useSlices(answer, found, sought);
  const columns: readonly Column<ChildAnswer>[] = [
    { key: "node", title: say("children.node"), cell: ({ node }) => node },
    { key: "state", title: say("children.state"), cell: (child) => <AccessState child={child} /> },
    {
      key: "catchment",
      title: say("children.catchment"),
      cell: ({ catchment }) => catchment ?? say("children.catchmentEvery"),
    },
    { key: "enrolled", title: say("children.enrolled"), cell: ({ enrolledAt }) => <TimeAgo time={enrolledAt} /> },
    { key: "seen", title: say("children.seen"), cell: ({ lastSeenAt }) => <TimeAgo time={lastSeenAt} /> },
    {
      key: "do",
      title: say("children.actions"),
      cell: ({ node, revokedAt }) =>
        mayAdminister && (
          <>
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
        <Search
          className="filters__search"
          id="children-search"
          size="md"
          labelText={say("catchments.find")}
          placeholder={say("catchments.find")}
          closeButtonLabelText={say("common.close")}
          value={sought}
          onChange={(event) => seek(event.target.value)}
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
        keyOf={({ node }) => node}
        empty={<EmptyState title={say("children.none")}>{say("children.enrolMore")}</EmptyState>}
      />
      {doing?.kind === "enrol" && <EnrolDialog named={doing.node} close={() => set(undefined)} />}
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
