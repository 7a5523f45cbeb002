import type { AdminAnswer, AlertAnswer } from "@tributary/admin-api";
import { usePages } from "../../api/use-pages.ts";
import { useSearchParameter } from "../../app/location.tsx";
import { BackLink } from "../../parts/back-link.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterSelect } from "../../parts/filter-select.tsx";
import { NothingFound } from "../../parts/nothing-found.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { useAlertText } from "./use-alert-text.ts";

const states = ["open", "closed"] as const satisfies readonly AlertAnswer["state"][];
const severities = ["critical", "warning"] as const satisfies readonly AlertAnswer["severity"][];
const rules = [
  "child-silent",
  "parent-silent",
  "outbox-age",
  "failures-growing",
  "conflict-age",
  "clock-offset",
  "disk-free",
  "clone",
] as const;

/** What is and was wrong by the rules of this node, the latest first. */
export function AlertsScreen() {
  const { say } = useWords();
  const [state, changeState] = useSearchParameter("state");
  const [severity, changeSeverity] = useSearchParameter("severity");
  const [rule, changeRule] = useSearchParameter("rule");
  const [q, changeQ] = useSearchParameter("q");
  const sorting = useSorting("openedAt", { order: "desc" });
  const pages = usePages<AdminAnswer<"GET /alerts">, AlertAnswer>(
    "/alerts",
    { state, severity, rule, q, order: sorting.order },
    ({ items }) => items,
  );
  const columns = useAlertColumns();
  const isFiltered = [state, severity, rule, q].some((value) => value !== "");
  return (
    <>
      <BackLink to="/">{say("network.back")}</BackLink>
      <PageTitle title={say("network.alerts")} lead={say("alerts.lead")} />
      <div className="filters">
        <SearchBox label={say("alerts.find")} value={q} change={changeQ} />
        <FilterSelect
          label={say("network.state")}
          value={state}
          change={changeState}
          values={states}
          textOf={(one) => say(`alerts.state.${one}`)}
        />
        <FilterSelect
          label={say("alerts.severity")}
          value={severity}
          change={changeSeverity}
          values={severities}
          textOf={(one) => say(`alerts.severity.${one}`)}
        />
        <FilterSelect
          label={say("alerts.rule")}
          value={rule}
          change={changeRule}
          values={rules}
          textOf={(one) => say(`alerts.rule.${one}`)}
        />
      </div>
      <DataTable
        label={say("network.alerts")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ alertId }) => alertId}
        empty={
          isFiltered ? <NothingFound title={say("alerts.noneFound")} /> : <EmptyState title={say("alerts.none")} />
        }
      />
    </>
  );
}

function useAlertColumns(): readonly Column<AlertAnswer>[] {
  const { say } = useWords();
  const alertText = useAlertText();
  return [
    {
      key: "opened",
      title: say("alerts.opened"),
      sort: "openedAt",
      cell: ({ openedAt }) => <TimeAgo time={openedAt} />,
    },
    {
      key: "severity",
      title: say("alerts.severity"),
      cell: ({ severity, state }) => (
        <StateTag
          tone={state === "closed" ? "quiet" : severity === "critical" ? "bad" : "warning"}
          text={say(`alerts.severity.${severity}`)}
        />
      ),
    },
    { key: "subject", title: say("changes.about"), cell: ({ subject }) => subject },
    { key: "what", title: say("changes.what"), cell: (alert) => <span className="prose">{alertText(alert)}</span> },
    {
      key: "closed",
      title: say("alerts.closed"),
      cell: ({ closedAt }) => (closedAt === null ? say("alerts.state.open") : <TimeAgo time={closedAt} />),
    },
  ];
}
