import type { NetworkAnswer, NetworkChild } from "@tributary/admin-api";
import type { usePages } from "../../api/use-pages.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { NothingFound } from "../../parts/nothing-found.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import type { Sorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { useChildColumns } from "./child-columns.tsx";

/** The children as a list, found by name or catchment, sorted by any of its figures. */
export function ChildrenList({
  pages,
  sorting,
  q,
  changeQ,
  isFiltered,
}: {
  readonly pages: ReturnType<typeof usePages<NetworkAnswer, NetworkChild>>;
  readonly sorting: Sorting;
  readonly q: string;
  readonly changeQ: (q: string) => void;
  readonly isFiltered: boolean;
}) {
  const { say } = useWords();
  const columns = useChildColumns();
  const empty = isFiltered ? (
    <NothingFound title={say("network.nobodyFound")} />
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
        sorting={sorting}
        keyOf={({ node }) => node}
        empty={empty}
      />
    </>
  );
}
