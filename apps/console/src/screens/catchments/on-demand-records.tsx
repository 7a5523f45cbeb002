import type { AuditEntry } from "@tributary/admin-api";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useWords } from "../../words/words.tsx";
import { useAuditPages } from "../audit/use-audit-pages.ts";
import { ReferenceLink } from "../records/reference-link.tsx";

const purposePrefix = "purpose:";

/** Patients outside of its catchment whom a child fetched, and what for, as the trail keeps it. */
export function OnDemandRecords() {
  const { say } = useWords();
  const pages = useAuditPages({ operation: "manual", outcome: "guest" });
  const columns: readonly Column<AuditEntry>[] = [
    { key: "at", title: say("audit.at"), cell: ({ at }) => <TimeAgo time={at} /> },
    { key: "child", title: say("catchments.child"), cell: ({ link, actor }) => link ?? actor },
    {
      key: "patient",
      title: say("catchment.patient"),
      cell: ({ reference }) => (reference === null ? "–" : <ReferenceLink reference={reference} />),
    },
    {
      key: "purpose",
      title: say("catchment.reason"),
      cell: ({ operationId }) => operationId?.replace(purposePrefix, "") ?? "–",
    },
  ];
  return (
    <section className="section" aria-labelledby="on-demand-title">
      <h2 id="on-demand-title">{say("onDemand.title")}</h2>
      <p className="quiet section__lead">{say("onDemand.more")}</p>
      <DataTable
        label={say("onDemand.title")}
        columns={columns}
        pages={pages}
        keyOf={({ node, entryId }) => `${node}-${entryId}`}
        empty={<EmptyState title={say("onDemand.none")} />}
      />
    </section>
  );
}
