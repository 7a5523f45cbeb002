import { Button, Modal, Select, SelectItem } from "@carbon/react";
import type { AdminAnswer, ChildAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useAnswer, useDeed } from "../../api/use-answer.ts";
import { usePages } from "../../api/use-pages.ts";
import { useRight } from "../../app/session.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import type { CatchmentsAnswer } from "./catchments-screen.tsx";

type ChildrenAnswer = AdminAnswer<"GET /children">;

/** The name of what a child without a catchment has. */
const everything = "everything";

/** Which child has which catchment, and the way to change it. */
export function AssignedChildren() {
  const { say } = useWords();
  const mayAdminister = useRight("administer");
  const [q, seek] = useState("");
  const [chosen, choose] = useState<ChildAnswer>();
  const pages = usePages("/children", { access: "enrolled", q }, ({ items }: ChildrenAnswer) => items);
  const columns: readonly Column<ChildAnswer>[] = [
    { key: "node", title: say("catchments.child"), cell: ({ node }) => node },
    {
      key: "catchment",
      title: say("catchments.name"),
      cell: ({ catchment }) =>
        catchment === null || catchment === everything ? say("catchments.everything") : catchment,
    },
    { key: "seen", title: say("children.seen"), cell: ({ lastSeenAt }) => <TimeAgo time={lastSeenAt} /> },
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
        keyOf={({ node }) => node}
        empty={<EmptyState title={say(q === "" ? "catchments.noChildren" : "network.nobodyFound")} />}
      />
      {chosen && <AssignDialog child={chosen} close={() => choose(undefined)} />}
    </section>
  );
}

function AssignDialog({ child, close }: { readonly child: ChildAnswer; readonly close: () => void }) {
  const { say } = useWords();
  const catchments = useAnswer<CatchmentsAnswer>("/catchments");
  const deed = useDeed(["/children", "/catchments", "/network"]);
  const [catchment, choose] = useState(child.catchment ?? everything);
  const path = `/children/${encodeURIComponent(child.node)}/catchment`;
  return (
    <Modal
      open
      size="sm"
      modalHeading={say("catchments.assignTitle", { node: child.node })}
      closeButtonLabel={say("common.close")}
      primaryButtonText={say("users.save")}
      secondaryButtonText={say("common.cancel")}
      primaryButtonDisabled={deed.isPending}
      onRequestSubmit={() => deed.mutate({ path, body: { catchment } }, { onSuccess: close })}
      onRequestClose={close}
    >
      <div className="form-rows">
        <p>{say("catchments.assignMore")}</p>
        <ErrorNote error={deed.error} />
        <Select
          id="assign-catchment"
          labelText={say("catchments.name")}
          value={catchment}
          onChange={(event) => choose(event.target.value)}
        >
          <SelectItem value={everything} text={say("children.catchmentEvery")} />
          {catchments.data?.items.map(({ name }) => (
            <SelectItem key={name} value={name} text={name} />
          ))}
        </Select>
      </div>
    </Modal>
  );
}
