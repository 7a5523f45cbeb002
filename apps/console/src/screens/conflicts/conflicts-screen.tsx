import { Select, SelectItem } from "@carbon/react";
import type { AdminAnswer, ConflictAnswer } from "@tributary/admin-api";
import { usePages } from "../../api/use-pages.ts";
import { useSearchParameter } from "../../app/location.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterSelect } from "../../parts/filter-select.tsx";
import { NothingFound } from "../../parts/nothing-found.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { AssigneeSelect } from "./assignee-select.tsx";
import { useConflictColumns } from "./conflict-columns.tsx";
import { ConflictCounts, useConflictCounts } from "./conflict-counts.tsx";

const states = ["open", "resolved", "superseded", "settled"] as const;

/** What waits for somebody's decision, the oldest first, and on request what was decided. */
export function ConflictsScreen() {
  const { say } = useWords();
  const [state, changeState] = useSearchParameter("state");
  const [assignee, changeAssignee] = useSearchParameter("assignee");
  const [type, changeType] = useSearchParameter("type");
  const [q, changeQ] = useSearchParameter("q");
  const sorting = useSorting("openedAt");
  const { by: sort, order } = sorting;
  const columns = useConflictColumns(state !== "" && state !== "open");
  const types = [...new Set(useConflictCounts().map((count) => count.type))];
  const pages = usePages<AdminAnswer<"GET /conflicts">, ConflictAnswer>(
    "/conflicts",
    { state, assignee, type, q, sort, order },
    ({ conflicts }) => conflicts,
  );
  const isFiltered = [state, assignee, type, q].some((value) => value !== "");
  return (
    <>
      <PageTitle title={say("nav.conflicts")} lead={say("conflicts.lead")} />
      <ConflictCounts />
      <div className="filters">
        <SearchBox label={say("conflicts.search")} value={q} change={changeQ} />
        <Select
          id="state"
          labelText={say("conflicts.state")}
          value={state || "open"}
          onChange={(event) => changeState(event.target.value)}
        >
          {states.map((one) => (
            <SelectItem key={one} value={one} text={say(`conflicts.state.${one}`)} />
          ))}
        </Select>
        <FilterSelect
          label={say("conflicts.type")}
          value={type}
          change={changeType}
          values={types}
          textOf={(one) => one}
        />
        <AssigneeSelect assignee={assignee} change={changeAssignee} />
      </div>
      <DataTable
        label={say("nav.conflicts")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ conflictId }) => conflictId}
        empty={
          isFiltered ? (
            <NothingFound title={say("conflicts.noneFound")} />
          ) : (
            <EmptyState title={say("conflicts.none")} />
          )
        }
      />
    </>
  );
}
