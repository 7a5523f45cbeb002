import type { NetworkAnswer, NetworkChild } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { usePages } from "../../api/use-pages.ts";
import { useSearchParameter } from "../../app/location.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { ChildrenList } from "./children-list.tsx";
import { NetworkDrawing } from "./network-drawing.tsx";
import { OpenAlerts } from "./open-alerts.tsx";
import { ParentFigures } from "./parent-figures.tsx";
import { StateCounts } from "./state-counts.tsx";

/** Often enough for a glance, should the live line be cut. */
const lookAgainMs = 30_000;
/** Children that the drawing names. */
const drawnMax = 12;

/** At a glance: is each node in step, and if not, since when and how far. */
export function NetworkScreen() {
  const { say } = useWords();
  const [state, changeState] = useSearchParameter("state");
  const [q, changeQ] = useSearchParameter("q");
  const sorting = useSorting("node");
  const { by: sort, order } = sorting;
  const pages = usePages<NetworkAnswer, NetworkChild>("/network", { state, q, sort, order }, childrenOf, {
    everyMs: lookAgainMs,
  });
  // Where not all can be drawn, those are that need an eye.
  const drawn = useAnswer<NetworkAnswer>(`/network?limit=${drawnMax}&sort=state&order=desc`, { everyMs: lookAgainMs });
  const network = drawn.data;
  if (drawn.error && !network) return <ErrorNote error={drawn.error} />;
  if (!network) return <PageTitle title={say("nav.network")} />;
  const isParent = network.role !== "child";
  return (
    <>
      <PageTitle title={say("nav.network")} lead={say("network.lead", { node: network.node })} />
      <OpenAlerts />
      <NetworkDrawing network={network} />
      {network.parent && <ParentFigures parent={network.parent} />}
      {isParent && (
        <section className="section" aria-labelledby="children">
          <h2 id="children">{say("network.children")}</h2>
          <StateCounts counts={network.counts} chosen={state} choose={changeState} />
          <ChildrenList pages={pages} sorting={sorting} q={q} changeQ={changeQ} isFiltered={state !== "" || q !== ""} />
        </section>
      )}
    </>
  );
}

function childrenOf({ children }: NetworkAnswer): readonly NetworkChild[] {
  return children;
}
