import type { NetworkAnswer } from "@tributary/admin-api";
import { pathWith } from "../../api/path-with.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { ScreenProps } from "../../app/screen-props.ts";
import { BackLink } from "../../parts/back-link.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { TrafficCharts } from "../../parts/traffic-charts.tsx";
import { useWords } from "../../words/words.tsx";
import { ChildActions } from "./child-actions.tsx";
import { ChildFigures } from "./child-figures.tsx";
import { NodeStateTag } from "./child-state.tsx";

/** Children whose names contain this one's, at the most; the one itself is the first of them by name. */
const namesakesMax = 100;

/** One child as this node sees it, what it told of itself, and the ways to change its access. */
export function ChildScreen({ parameters: { node = "" } }: ScreenProps) {
  const { say } = useWords();
  const network = useAnswer<NetworkAnswer>(pathWith("/network", { q: node, limit: namesakesMax }));
  if (network.error) return <ErrorNote error={network.error} />;
  if (!network.data) return <PageTitle title={node} />;
  const child = network.data.children.find((one) => one.node === node);
  if (!child) return <EmptyState title={say("network.childUnknown")} />;
  return (
    <>
      <BackLink to="/">{say("network.back")}</BackLink>
      <PageTitle title={node} lead={<NodeStateTag state={child.state} />}>
        <ChildActions child={child} />
      </PageTitle>
      <ChildFigures child={child} />
      <TrafficCharts node={node} />
    </>
  );
}
