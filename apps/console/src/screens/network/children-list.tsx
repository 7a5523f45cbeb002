import type { NetworkAnswer, NetworkChild } from "@tributary/admin-api";
import type { usePages } from "../../api/use-pages.ts";
import { PlaceLink } from "../../app/location.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import { NodeStateTag } from "./child-state.tsx";
import { ClockOffset } from "./clock-offset.tsx";

/** The children as a list, found by name or catchment. */
export function ChildrenList({
  pages,
  q,
  changeQ,
  isFiltered,
}: {
  readonly pages: ReturnType<typeof usePages<NetworkAnswer, NetworkChild>>;
  readonly q: string;
  readonly changeQ: (q: string) => void;
  readonly isFiltered: boolean;
}) {
  const { say } = useWords();
  const columns = useColumns();
  const empty = isFiltered ? (
    <EmptyState title={say("network.nobodyFound")} />
  ) : (
    <EmptyState title={say("network.noChildren")}>{say("network.noChildrenHelp")}</EmptyState>
  );
  return (
    <>
      <div className="filters">
        <SearchBox label={say("network.searchHelp")} value={q} change={changeQ} />
      </div>
      <DataTable
        label={say("network.children")}
        columns={columns}
        pages={pages}
        keyOf={({ node }) => node}
        empty={empty}
      />
    </>
  );
}

function useColumns(): readonly Column<NetworkChild>[] {
  const { say, number, bytes } = useWords();
  return [
    {
      key: "node",
      title: say("network.node"),
      cell: ({ node }) => (
        <PlaceLink className="cds--link" to={`/network/${encodeURIComponent(node)}`}>
          {node}
        </PlaceLink>
      ),
    },
    { key: "state", title: say("network.state"), cell: ({ state }) => <NodeStateTag state={state} /> },
    { key: "seen", title: say("network.lastContact"), cell: ({ lastSeenAt }) => <TimeAgo time={lastSeenAt} /> },
    {
      key: "behind",
      title: say("network.behind"),
      isNumber: true,
      cell: ({ behind }) => (behind === null ? "–" : behind === 0 ? "0" : say("network.events", { count: behind })),
    },
    {
      key: "conflicts",
      title: say("network.openConflicts"),
      isNumber: true,
      cell: ({ openConflicts }) => (openConflicts === null ? "–" : number(openConflicts)),
    },
    {
      key: "bytes",
      title: say("network.bytesToday"),
      isNumber: true,
      cell: ({ bytesToday }) => (bytesToday === undefined ? "–" : bytes(bytesToday)),
    },
    {
      key: "clock",
      title: say("network.clock"),
      cell: ({ clockOffsetMs }) => <ClockOffset offsetMs={clockOffsetMs} />,
    },
    { key: "version", title: say("network.version"), cell: ({ version }) => version ?? "–" },
    {
      key: "catchment",
      title: say("network.catchment"),
      cell: ({ catchment }) => catchment ?? <span className="quiet">{say("network.everything")}</span>,
    },
  ];
}
