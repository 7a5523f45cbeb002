import type { AuditEntry } from "@tributary/admin-api";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { ReferenceLink } from "../records/reference-link.tsx";
import { AuditDetails } from "./audit-details.tsx";
import { toneOf } from "./outcome-tone.ts";
import type { AuditQuery } from "./use-audit-filter.ts";
import { useAuditPages } from "./use-audit-pages.ts";

/** The entries that a filter finds, the latest first until the other order is chosen. */
export function AuditTable({ query }: { readonly query: AuditQuery }) {
  const { say, sayIfKnown, sayOutcome, time } = useWords();
  const sorting = useSorting("at", { order: "desc" });
  const pages = useAuditPages({ ...query, order: sorting.order });
  const columns: readonly Column<AuditEntry>[] = [
    {
      key: "at",
      title: say("audit.at"),
      sort: "at",
      cell: ({ at }) => (
        <time className="nowrap" dateTime={new Date(at).toISOString()}>
          {time(at)}
        </time>
      ),
    },
    {
      key: "node",
      title: say("audit.node"),
      cell: ({ node, link }) => (link === null || link === node ? node : `${node} – ${link}`),
    },
    { key: "who", title: say("audit.who"), cell: ({ actor }) => actor },
    { key: "what", title: say("audit.what"), cell: ({ operation }) => sayIfKnown(`operation.${operation}`) },
    {
      key: "outcome",
      title: say("audit.outcome"),
      cell: (entry) => <StateTag tone={toneOf(entry)} text={sayOutcome(entry.outcome)} />,
    },
    {
      key: "reference",
      title: say("audit.reference"),
      cell: ({ reference }) => (reference === null ? "–" : <ReferenceLink reference={reference} />),
    },
    { key: "versions", title: say("audit.versions"), cell: versionsText },
    { key: "details", title: say("audit.details"), cell: (entry) => <AuditDetails entry={entry} /> },
  ];
  return (
    <DataTable
      label={say("nav.audit")}
      columns={columns}
      pages={pages}
      sorting={sorting}
      keyOf={({ node, entryId }) => `${node}-${entryId}`}
      empty={<EmptyState title={say("audit.none")} />}
    />
  );
}

function versionsText({ versionBefore, versionAfter }: AuditEntry): string {
  if (versionBefore === null && versionAfter === null) return "–";
  return `${versionBefore ?? "–"} → ${versionAfter ?? "–"}`;
}
