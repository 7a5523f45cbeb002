import { ContentSwitcher, Switch } from "@carbon/react";
import type { AuditEntry } from "@tributary/admin-api";
import { useState } from "react";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { useWords } from "../../words/words.tsx";
import { useAuditPages } from "../audit/use-audit-pages.ts";

/** The operations by which a node is set up. */
const kinds = ["configure", "enrol"] as const;

/** What was set up, by whom and why, as the trail keeps it. */
export function ChangesTab() {
  const { say, sayOutcome, time } = useWords();
  const [kind, choose] = useState<(typeof kinds)[number]>("configure");
  const pages = useAuditPages({ operation: kind });
  const columns: readonly Column<AuditEntry>[] = [
    {
      key: "at",
      title: say("audit.at"),
      cell: ({ at }) => <time dateTime={new Date(at).toISOString()}>{time(at)}</time>,
    },
    { key: "node", title: say("audit.node"), cell: ({ node }) => node },
    { key: "who", title: say("audit.who"), cell: ({ actor }) => actor },
    { key: "what", title: say("changes.what"), cell: ({ outcome }) => sayOutcome(outcome) },
    { key: "link", title: say("audit.link"), cell: ({ link, reference }) => link ?? reference ?? "–" },
    { key: "reason", title: say("changes.reason"), cell: ({ error }) => error ?? "–" },
  ];
  return (
    <>
      <div className="filters">
        <p className="filters__search">{say("changes.lead")}</p>
        <ContentSwitcher
          className="narrow"
          size="md"
          aria-label={say("changes.kind")}
          selectedIndex={kinds.indexOf(kind)}
          onChange={({ name }) => choose(name as (typeof kinds)[number])}
        >
          {kinds.map((one) => (
            <Switch key={one} name={one} text={say(`operation.${one}`)} />
          ))}
        </ContentSwitcher>
      </div>
      <DataTable
        label={say("setUpScreen.changes")}
        columns={columns}
        pages={pages}
        keyOf={({ node, entryId }) => `${node}-${entryId}`}
        empty={<EmptyState title={say("changes.none")} />}
      />
    </>
  );
}
