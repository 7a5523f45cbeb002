import type { NetworkAnswer } from "@tributary/admin-api";
import { pathWith } from "../../api/path-with.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { ScreenProps } from "../../app/route.ts";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Figure, Figures } from "../../parts/figure.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { TrafficCharts } from "../../parts/traffic-charts.tsx";
import { useWords } from "../../words/words.tsx";
import { NodeStateTag } from "./child-state.tsx";
import { ClockOffset } from "./clock-offset.tsx";

/** Children whose names contain this one's, at the most; the one itself is looked for among them. */
const namesakesMax = 100;

/** One child as this node sees it. What the child itself knows is told by its own console. */
export function ChildScreen({ parameters: { node = "" } }: ScreenProps) {
  const { say, number, bytes } = useWords();
  const network = useAnswer<NetworkAnswer>(pathWith("/network", { q: node, limit: namesakesMax }));
  if (network.error) return <ErrorNote error={network.error} />;
  if (!network.data) return <PageTitle title={node} />;
  const child = network.data.children.find((one) => one.node === node);
  if (!child) return <EmptyState title={say("network.childUnknown")} />;
  const { behind, openConflicts, bytesToday } = child;
  return (
    <>
      <PageTitle title={node} lead={<NodeStateTag state={child.state} />} />
      <Figures>
        <Figure name={say("network.lastContact")} value={<TimeAgo time={child.lastSeenAt} />} />
        <Figure name={say("network.behind")} value={behind === null ? "–" : say("network.events", { count: behind })} />
        <Figure name={say("network.openConflicts")} value={number(openConflicts ?? 0)} />
        <Figure name={say("network.bytesToday")} value={bytesToday === undefined ? "–" : bytes(bytesToday)} />
        <Figure name={say("network.clock")} value={<ClockOffset offsetMs={child.clockOffsetMs} />} />
        <Figure name={say("network.version")} value={child.version ?? "–"} />
        <Figure name={say("network.catchment")} value={child.catchment ?? say("network.everything")} />
      </Figures>
      <TrafficCharts node={node} />
    </>
  );
}
