import type { MemberAnswer } from "@tributary/admin-api";
import { usePages } from "../../api/use-pages.ts";
import { useSearchParameter } from "../../app/location.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterSelect } from "../../parts/filter-select.tsx";
import { NothingFound } from "../../parts/nothing-found.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { ReferenceLink } from "../records/reference-link.tsx";

interface MembersAnswer {
  readonly items: readonly MemberAnswer[];
  readonly next: string | null;
}

const tones = { member: "good", suspended: "warning", left: "quiet" } as const;
const states = ["member", "suspended", "left"] as const satisfies readonly MemberAnswer["state"][];

/** The patients of a catchment, since when and by which rule. */
export function CatchmentMembers({ name }: { readonly name: string }) {
  const { say } = useWords();
  const path = `/catchments/${encodeURIComponent(name)}/members`;
  const [q, changeQ] = useSearchParameter("member");
  const [state, changeState] = useSearchParameter("state");
  const sorting = useSorting("patient", { list: "member-" });
  const { by: sort, order } = sorting;
  const pages = usePages(path, { q, state, sort, order }, ({ items }: MembersAnswer) => items);
  const isFiltered = q !== "" || state !== "";
  const byText = (reason: string) => {
    const version = /^rule (\d+)$/.exec(reason)?.[1];
    return version === undefined ? reason : say("catchment.byRule", { version });
  };
  const columns: readonly Column<MemberAnswer>[] = [
    {
      key: "patient",
      title: say("catchment.patient"),
      sort: "patient",
      cell: ({ patient }) => <ReferenceLink reference={`Patient/${patient}`} />,
    },
    {
      key: "state",
      title: say("catchment.state"),
      cell: ({ state }) => <StateTag tone={tones[state]} text={say(`member.${state}`)} />,
    },
    { key: "since", title: say("catchment.since"), sort: "since", cell: ({ since }) => <TimeAgo time={since} /> },
    { key: "by", title: say("catchment.by"), cell: ({ reason }) => byText(reason) },
  ];
  return (
    <section className="section" aria-labelledby="members-title">
      <h2 id="members-title">{say("catchment.membersTitle")}</h2>
      <div className="filters">
        <SearchBox label={say("catchment.memberFind")} value={q} change={changeQ} />
        <FilterSelect
          label={say("catchment.state")}
          value={state}
          change={changeState}
          values={states}
          textOf={(one) => say(`member.${one}`)}
        />
      </div>
      <DataTable
        label={say("catchment.membersTitle")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ patient }) => patient}
        empty={
          isFiltered ? (
            <NothingFound title={say("catchment.memberNobody")} />
          ) : (
            <EmptyState title={say("catchment.membersNone")} />
          )
        }
      />
    </section>
  );
}
