import type { NetworkAnswer } from "@tributary/admin-api";
import { CountFilters } from "../../parts/count-filters.tsx";
import { NodeStateTag } from "./child-state.tsx";

const states = ["in-step", "behind", "verifying", "silent", "refused", "never-seen"] as const;

/** How many children stand how; each count filters the list to those, and once more to all. */
export function StateCounts({
  counts,
  chosen,
  choose,
}: {
  readonly counts: NetworkAnswer["counts"];
  readonly chosen: string;
  readonly choose: (state: string) => void;
}) {
  const filters = states.map((state) => ({
    name: state,
    count: counts[state] ?? 0,
    tag: <NodeStateTag state={state} />,
  }));
  return <CountFilters filters={filters} chosen={chosen} choose={choose} />;
}
