import type { NetworkChild } from "@tributary/admin-api";
import type { ReactNode } from "react";
import { PlaceLink } from "../../app/location.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import { ChildClock } from "./child-clock.tsx";
import { NodeStateTag } from "./child-state.tsx";
import { WaitingSince } from "./waiting-since.tsx";

/** The columns of the list of children: every figure by which one sees whether a clinic is in step. */
export function useChildColumns(): readonly Column<NetworkChild>[] {
  const { say, number, bytes } = useWords();
  const count = (value: number | null | undefined): ReactNode =>
    value === null || value === undefined ? <span className="quiet">–</span> : number(value);
  return [
    {
      key: "node",
      title: say("network.node"),
      sort: "node",
      cell: ({ node, catchment, children }) => (
        <>
          <PlaceLink className="cds--link" to={`/network/${encodeURIComponent(node)}`}>
            {node}
          </PlaceLink>
          <span className="under">
            {catchment === null || catchment === "everything" ? say("network.everything") : catchment}
          </span>
          {children !== null && children > 0 && (
            <span className="under">{say("network.hubOf", { count: children })}</span>
          )}
        </>
      ),
    },
    {
      key: "state",
      title: say("network.state"),
      sort: "state",
      cell: ({ state }) => <NodeStateTag state={state} />,
    },
    {
      key: "seen",
      title: say("network.lastContact"),
      sort: "lastSeenAt",
      cell: ({ lastSeenAt }) => <TimeAgo time={lastSeenAt} />,
    },
    {
      key: "behind",
      title: say("network.behind"),
      sort: "behind",
      isNumber: true,
      cell: ({ behind, behindSince }) => (
        <>
          {count(behind)}
          <WaitingSince since={behindSince} />
        </>
      ),
    },
    {
      key: "unsent",
      title: say("network.outbox"),
      sort: "unsent",
      isNumber: true,
      cell: ({ unsent, unsentSince }) => (
        <>
          {count(unsent)}
          <WaitingSince since={unsentSince} />
        </>
      ),
    },
    {
      key: "parked",
      title: say("network.parked"),
      sort: "parked",
      isNumber: true,
      cell: ({ parked }) => count(parked),
    },
    {
      key: "failed",
      title: say("network.failed"),
      sort: "failed",
      isNumber: true,
      cell: ({ failed }) => <span className={failed ? "alarming" : ""}>{count(failed)}</span>,
    },
    {
      key: "conflicts",
      title: say("network.openConflicts"),
      sort: "openConflicts",
      isNumber: true,
      cell: ({ openConflicts }) => count(openConflicts),
    },
    {
      key: "clock",
      title: say("network.clock"),
      sort: "clockOffsetMs",
      cell: (child) => <ChildClock child={child} />,
    },
    {
      key: "version",
      title: say("network.version"),
      sort: "version",
      cell: ({ version }) => version ?? <span className="quiet">–</span>,
    },
    {
      key: "bytes",
      title: say("network.bytesToday"),
      isNumber: true,
      cell: ({ bytesToday }) =>
        bytesToday === undefined ? count(undefined) : <span className="nowrap">{bytes(bytesToday)}</span>,
    },
  ];
}
