import type { ConflictAnswer } from "@tributary/admin-api";
import { PlaceLink } from "../../app/location.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import { ConflictStateTag } from "./conflict-state.tsx";
import { elementName } from "./element-name.ts";

/** The columns of the list of conflicts; with `isDecided`, also when and by whom each was decided. */
export function useConflictColumns(isDecided: boolean): readonly Column<ConflictAnswer>[] {
  const { say } = useWords();
  const decided: Column<ConflictAnswer> = {
    key: "decided",
    title: say("conflicts.decided"),
    sort: "resolvedAt",
    cell: ({ resolution }) =>
      resolution ? (
        <>
          <TimeAgo time={resolution.at} />
          <span className="under">{resolution.by}</span>
        </>
      ) : (
        "–"
      ),
  };
  return [
    {
      key: "record",
      title: say("conflicts.record"),
      sort: "reference",
      cell: ({ conflictId, type, id }) => (
        <PlaceLink className="cds--link" to={`/conflicts/${conflictId}`}>
          {type}/{id}
        </PlaceLink>
      ),
    },
    {
      key: "element",
      title: say("conflicts.element"),
      cell: ({ element }) => <span className="mono">{elementName(element)}</span>,
    },
    { key: "state", title: say("conflicts.state"), cell: ({ state }) => <ConflictStateTag state={state} /> },
    { key: "from", title: say("conflicts.from"), cell: ({ theirNode }) => theirNode },
    { key: "age", title: say("conflicts.age"), sort: "openedAt", cell: ({ openedAt }) => <TimeAgo time={openedAt} /> },
    ...(isDecided ? [decided] : []),
    {
      key: "assignee",
      title: say("conflicts.assignee"),
      sort: "assignee",
      cell: ({ assignee }) => assignee ?? <span className="quiet">{say("conflicts.nobody")}</span>,
    },
  ];
}
