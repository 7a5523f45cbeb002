import type { NetworkAnswer, StatusAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { useRight } from "../../app/session.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Figure, Figures } from "../../parts/figure.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { TrafficCharts } from "../../parts/traffic-charts.tsx";
import { useWords } from "../../words/words.tsx";
import { Beginning } from "./beginning.tsx";
import { Configuration } from "./configuration.tsx";
import { ErrorsByClass } from "./errors-by-class.tsx";
import { LinkActions } from "./link-actions.tsx";
import { ParentLink } from "./parent-link.tsx";

/** Often enough for somebody who waits for a round to end. */
const lookAgainMs = 10_000;

/** This node: what it holds, its link, its traffic, what failed, how it is set up, and what can be done now. */
export function NodeScreen() {
  const { say, sayIfKnown, number } = useWords();
  const mayOversee = useRight("oversee");
  const status = useAnswer<StatusAnswer>("/status", { everyMs: lookAgainMs });
  const network = useAnswer<NetworkAnswer>("/network?limit=1");
  if (status.error && !status.data) return <ErrorNote error={status.error} />;
  if (!status.data) return <PageTitle title={say("nav.node")} />;
  const { node, role, installation, database, parent } = status.data;
  const lead = say("node.lead", {
    role: sayIfKnown(`node.role.${role}`),
    version: network.data?.version ?? "…",
    installation,
    database: database === "sqlite" ? "SQLite" : "PostgreSQL",
  });
  return (
    <>
      <PageTitle title={node} lead={lead}>
        {parent && <LinkActions pauses={parent.pauses} />}
      </PageTitle>
      {parent?.beginning && <Beginning beginning={parent.beginning} />}
      <Figures>
        <Figure name={say("node.records")} value={number(status.data.records)} />
        <Figure name={say("node.announced")} value={number(status.data.announced)} />
        <Figure name={say("node.queued")} value={number(status.data.queued)} />
        <Figure
          name={say("node.heldPushes")}
          value={number(status.data.heldPushes)}
          note={say("node.heldPushesNote")}
        />
        <Figure name={say("node.openConflicts")} value={number(status.data.openConflicts)} />
      </Figures>
      <section className="section" aria-labelledby="link">
        <h2 id="link">{say("node.link")}</h2>
        {parent ? <ParentLink parent={parent} /> : <EmptyState title={say("node.noParent")} />}
      </section>
      <TrafficCharts />
      {parent && <ErrorsByClass />}
      {mayOversee && <Configuration />}
    </>
  );
}
