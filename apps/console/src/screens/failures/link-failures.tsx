import { Button } from "@carbon/react";
import type { AdminAnswer, FailureAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { usePages } from "../../api/use-pages.ts";
import { useSearchParameter } from "../../app/location.tsx";
import { useRight } from "../../app/session.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { DeedNotice } from "../../parts/deed-notice.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterSelect } from "../../parts/filter-select.tsx";
import { NothingFound } from "../../parts/nothing-found.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { ChooseAll } from "./choose-all.tsx";
import { ClassCounts } from "./class-counts.tsx";
import { DiscardFailures } from "./discard-failures.tsx";
import { useFailureColumns } from "./failure-columns.tsx";
import { type FailureTarget, useFailureDeeds } from "./failure-deeds.ts";

const kinds = ["push", "pull", "decision"] as const satisfies readonly FailureAnswer["kind"][];

/** What could not be sent or taken in, found by class, direction and reference, and retried or discarded together. */
export function LinkFailures() {
  const { say } = useWords();
  const [failureClass, changeClass] = useSearchParameter("class");
  const [kind, changeKind] = useSearchParameter("kind");
  const [q, changeQ] = useSearchParameter("q");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [wantsAll, wantAll] = useState(false);
  const [isDiscarding, setDiscarding] = useState(false);
  const mayOperate = useRight("operate");
  const choose = (changed: ReadonlySet<string>) => {
    setChosen(changed);
    wantAll(false);
  };
  const deeds = useFailureDeeds(() => choose(new Set()));
  const sorting = useSorting("place");
  const { by: sort, order } = sorting;
  const pages = usePages<AdminAnswer<"GET /failures">, FailureAnswer>(
    "/failures",
    { class: failureClass, kind, q, sort, order },
    ({ failures }) => failures,
  );
  const total = pages.answer.data?.total ?? 0;
  // Those of a class can be named to the node without their ids; those of another filter cannot.
  const mayChooseAll =
    kind === "" && q === "" && total > chosen.size && pages.items.every((one) => chosen.has(one.failureId));
  const isAll = wantsAll && mayChooseAll;
  const target: FailureTarget = !isAll
    ? { ids: [...chosen] }
    : failureClass === ""
      ? { all: true }
      : { class: failureClass as FailureAnswer["class"] };
  const isFiltered = failureClass !== "" || kind !== "" || q !== "";
  const columns = useFailureColumns();
  return (
    <>
      <ClassCounts
        chosen={failureClass}
        choose={(changed) => {
          choose(new Set());
          changeClass(changed);
        }}
      />
      <DeedNotice told={deeds.told} error={isDiscarding ? null : deeds.error} />
      <div className="filters">
        <SearchBox label={say("failures.search")} value={q} change={changeQ} />
        <FilterSelect
          label={say("failures.kind")}
          value={kind}
          change={changeKind}
          values={kinds}
          textOf={(one) => say(`failures.kind.${one}`)}
        />
        {mayOperate && (
          <div className="filters__go actions">
            <Button size="md" kind="tertiary" disabled={chosen.size === 0} onClick={() => deeds.retry(target)}>
              {say("failures.retrySelected")}
            </Button>
            <Button size="md" kind="danger--tertiary" disabled={chosen.size === 0} onClick={() => setDiscarding(true)}>
              {say("failures.discardSelected")}
            </Button>
          </div>
        )}
      </div>
      {chosen.size > 0 && mayChooseAll && (
        <ChooseAll chosen={chosen.size} total={total} isAll={isAll} chooseAll={() => wantAll(true)} />
      )}
      <DataTable
        label={say("nav.failures")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ failureId }) => failureId}
        nameOf={({ failureId, references }) => references.join(", ") || failureId}
        selection={mayOperate ? { chosen, change: choose } : undefined}
        empty={
          isFiltered ? (
            <NothingFound title={say("failures.noneFound")} />
          ) : (
            <EmptyState title={say("failures.none")}>{say("failures.noneHelp")}</EmptyState>
          )
        }
      />
      {isDiscarding && (
        <DiscardFailures
          target={target}
          count={isAll ? total : chosen.size}
          deeds={deeds}
          close={() => setDiscarding(false)}
        />
      )}
    </>
  );
}
