import { Button, InlineNotification, Select, SelectItem } from "@carbon/react";
import type { AdminAnswer, FailureAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { usePages } from "../../api/use-pages.ts";
import { useSearchParameter } from "../../app/location.tsx";
import { useRight } from "../../app/session.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { useWords } from "../../words/words.tsx";
import { DiscardFailures } from "./discard-failures.tsx";
import { failureClasses } from "./failure-class.ts";
import { useFailureColumns } from "./failure-columns.tsx";
import { useFailureDeeds } from "./failure-deeds.ts";

/** All that failed, found by class, direction and reference, and retried or discarded one by one or together. */
export function FailuresScreen() {
  const { say } = useWords();
  const [failureClass, changeClass] = useSearchParameter("class");
  const [kind, changeKind] = useSearchParameter("kind");
  const [q, changeQ] = useSearchParameter("q");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isDiscarding, setDiscarding] = useState(false);
  const mayOperate = useRight("operate");
  const deeds = useFailureDeeds(() => setChosen(new Set()));
  const pages = usePages<AdminAnswer<"GET /failures">, FailureAnswer>(
    "/failures",
    { class: failureClass, kind, q },
    ({ failures }) => failures,
  );
  const isFiltered = failureClass !== "" || kind !== "" || q !== "";
  const columns = useFailureColumns();
  return (
    <>
      <PageTitle title={say("nav.failures")} lead={say("failures.lead")}>
        {mayOperate && (
          <>
            <Button size="md" kind="tertiary" disabled={chosen.size === 0} onClick={() => deeds.retry([...chosen])}>
              {say("failures.retrySelected")}
            </Button>
            <Button size="md" kind="danger--tertiary" disabled={chosen.size === 0} onClick={() => setDiscarding(true)}>
              {say("failures.discardSelected")}
            </Button>
          </>
        )}
      </PageTitle>
      <div aria-live="polite">
        {!isDiscarding && <ErrorNote error={deeds.error} />}
        {deeds.told && <InlineNotification kind="success" lowContrast hideCloseButton title={deeds.told} />}
      </div>
      <div className="filters">
        <SearchBox label={say("failures.search")} value={q} change={changeQ} />
        <Select
          id="class"
          labelText={say("failures.class")}
          value={failureClass}
          onChange={(event) => changeClass(event.target.value)}
        >
          <SelectItem value="" text={say("list.all")} />
          {failureClasses.map((one) => (
            <SelectItem key={one} value={one} text={say(`failure.class.${one}`)} />
          ))}
        </Select>
        <Select
          id="kind"
          labelText={say("failures.kind")}
          value={kind}
          onChange={(event) => changeKind(event.target.value)}
        >
          <SelectItem value="" text={say("list.all")} />
          <SelectItem value="push" text={say("failures.kind.push")} />
          <SelectItem value="pull" text={say("failures.kind.pull")} />
        </Select>
      </div>
      <DataTable
        label={say("nav.failures")}
        columns={columns}
        pages={pages}
        keyOf={({ failureId }) => failureId}
        nameOf={({ failureId, references }) => references.join(", ") || failureId}
        selection={mayOperate ? { chosen, change: setChosen } : undefined}
        empty={
          isFiltered ? (
            <EmptyState title={say("failures.noneFound")} />
          ) : (
            <EmptyState title={say("failures.none")}>{say("failures.noneHelp")}</EmptyState>
          )
        }
      />
      {isDiscarding && <DiscardFailures ids={[...chosen]} deeds={deeds} close={() => setDiscarding(false)} />}
    </>
  );
}
